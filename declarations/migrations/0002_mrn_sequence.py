"""Movement reference numbers come from the database, so that none is ever given twice."""

from django.db import migrations


class Migration(migrations.Migration):
    """Make the sequence behind the MRN."""

    dependencies = [("declarations", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE declarations_mrn_seq AS bigint",
            reverse_sql="DROP SEQUENCE declarations_mrn_seq",
        )
    ]
