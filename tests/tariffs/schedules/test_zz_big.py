import csv, time, resource
import pytest
from datetime import date
from tests.tariffs.schedules.files import load, UK_HEADER, uk_measure
from tests.tariffs.schedules.test_whole_schedules import _rows, UK
from tests.tariffs.shared_data import shared
from tariffs.schedules.looking_up import measures, history, line, children
pytestmark=pytest.mark.usefixtures("own_database")
AREAS="1011 KR JP CA VN CL IL CH NO IS TR MX PE CO AU NZ SG UA GE MD ZA 2020 2027 2005 EG MA TN LB JO PS FO KE CM GH CI".split()
def test_big(tmp_path):
    rows=[(r["commodity"].ljust(10,"0"), r["ukgt_duty_rate"]) for r in _rows(shared(UK))]
    for n, name in ((12,"as_defined"),(100,"declarable")):
        p=tmp_path/f"{name}.csv"; k=0
        with p.open("w",newline="") as f:
            w=csv.writer(f); w.writerow(UK_HEADER)
            for code,rate in rows:
                for i in range(n):
                    k+=1
                    w.writerow(uk_measure(code,"103" if i==0 else ("142" if i%3 else "143"),rate if i==0 else "0.00%",geographical_area__id=AREAS[i%len(AREAS)],quota__order_number=f"05{i:04d}" if i else "#NA",conditions="x"*60, regulation__id="X2100010"))
        print(name,k,"rows",p.stat().st_size>>20,"MB")
        for again in (0,1):
            if again:
                with p.open("a",newline="") as f: csv.writer(f).writerow(uk_measure("9999000000","103","1%"))
            t=time.perf_counter(); r=load(p,source="uk-tariff",on=date(2026,1+ (name=="declarable")*2+again,1)); print(again, r.measure_count, len(r.difference.added), f"{time.perf_counter()-t:.1f}s", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss>>10,"MB")
    for f in (lambda: measures("6109100000",source="uk-tariff",on=date(2026,6,1)), lambda: measures("6109100000",source="uk-tariff",on=date(2026,6,1),origin="KR"), lambda: history("6109100000",source="uk-tariff",origin="KR"), lambda: line("6109100000",source="uk-tariff",on=date(2026,6,1)), lambda: children("61",source="uk-tariff",on=date(2026,6,1))):
        f(); t=time.perf_counter(); x=[f() for _ in range(20)][-1]; print(len(x) if isinstance(x,tuple) else x, f"{(time.perf_counter()-t)*50:.2f} ms")
