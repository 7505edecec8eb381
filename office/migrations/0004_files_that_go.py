from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("office", "0001_first_tables")]

    operations = [
        migrations.AddField("job", "expires_at", models.DateTimeField(null=True)),
        migrations.AddField("job", "fetched_at", models.DateTimeField(null=True)),
        migrations.AddField("job", "attempt", models.PositiveSmallIntegerField(default=0)),
    ]
