"""The portal of a provincial union women's committee: the project and the floors its rooms stand on."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
