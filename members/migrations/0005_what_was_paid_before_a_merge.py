from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0004_import_options")]

    operations = [
        migrations.AddField(
            model_name="settleddouble",
            name="paid_through_before",
            field=models.DateField(help_text="the survivor's running membership's, before the merge", null=True),
        ),
    ]
