"""The door of the web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bansong_fund.settings")

application = get_wsgi_application()

from members.clock import refuse_demonstration_in_production  # noqa: E402 - the apps are loaded only now

refuse_demonstration_in_production()
