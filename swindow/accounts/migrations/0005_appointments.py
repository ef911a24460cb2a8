import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_declined'),
    ]

    operations = [
        migrations.AddField(
            model_name='membership',
            name='since',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AddField(
            model_name='apitoken',
            name='last_used_on',
            field=models.DateField(help_text='Written once a day at most', null=True),
        ),
        migrations.CreateModel(
            name='OfficerAppointment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(editable=False, max_length=20, unique=True)),
                ('access_until', models.DateField(verbose_name='access until')),
                ('proposed_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('authority', models.ForeignKey(help_text='Empty for an administrator of the portal', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('confirmed_at__isnull', True), ('withdrawn_at__isnull', True)), fields=('person',), name='appointment_one_open_a_person', violation_error_message='This person is proposed already.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('confirmed_by__isnull', True)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False), ('withdrawn_at__isnull', True)), _connector='OR'), name='appointment_confirmed_by_somebody'),
                    models.CheckConstraint(condition=models.Q(('confirmed_by', models.F('proposed_by')), _negated=True), name='appointment_by_two_administrators', violation_error_message='Another administrator has to confirm.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('person', models.F('proposed_by')), _negated=True), models.Q(('person', models.F('confirmed_by')), _negated=True)), name='appointment_not_of_oneself', violation_error_message='Nobody appoints themselves.'),
                ],
            },
        ),
    ]
