"""The portal of a provincial union women's committee: the project and its shared packages."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
