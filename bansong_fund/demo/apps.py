from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "bansong_fund.demo"
    label = "demo"
