import shutil, pytest
from django.test import Client
from tests.conftest import AT, TODAY
from gongkai.ledger.actions.seal import seal_all
from gongkai.search.actions.follow import follow_all
from gongkai.search import place
from pathlib import Path

@pytest.mark.parametrize("how", ["gone", "halfmeta", "emptymeta", "badsegments", "badposition", "gone_before", "file"])
def test_index(desk, town, settings, how):
    c = Client(raise_request_exception=False)
    desk.release(title="临时救助情况")
    place.forget()
    seal_all(at=AT)
    root = Path(settings.INDEX_ROOT)
    if how != "gone_before":
        follow_all(on=TODAY)
        assert "临时救助" in c.get("/search/?q=临时救助").content.decode() 
    v = next(root.glob("v*"), None)
    if how == "gone": shutil.rmtree(root)
    elif how == "halfmeta": (v/"meta.json").write_bytes((v/"meta.json").read_bytes()[:20])
    elif how == "emptymeta": (v/"meta.json").write_bytes(b"")
    elif how == "badsegments":
        for f in v.iterdir():
            if f.suffix in (".store",".term",".idx",".pos"): f.write_bytes(f.read_bytes()[:5])
    elif how == "badposition": (v/"position.json").write_text('{"pos')
    elif how == "gone_before": pass
    elif how == "file": shutil.rmtree(root); root.write_text("x")
    for fresh in (False, True):
        if fresh: place.forget()
        r = c.get("/search/?q=临时救助")
        t = r.content.decode()
        try: e = repr(r.exc_info[1])[:150] if getattr(r,"exc_info",None) else ""
        except Exception: e=""
        print(how, "fresh" if fresh else "cached", r.status_code, e, "found" if "索引号" in t else t[:0])
    for act in ("follow",):
        try: print("   follow:", follow_all(on=TODAY), c.get("/search/?q=临时救助").status_code)
        except BaseException as ex: print("   follow raised", repr(ex)[:200])
    place.forget()
