from django.db import migrations, models


class Migration(migrations.Migration):
    """The lists of receipts go by year and number, those of paper books among them."""

    dependencies = [
        ("ledger", "0007_sums_of_communities"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(fields=["year_be", "number"], name="receipts_by_year_and_number"),
        ),
    ]
