"""Histories and cases that are safe to hand out: later dates gone, coordinates generalised."""

from frontline.publication.making import publish

__all__ = ["publish"]
