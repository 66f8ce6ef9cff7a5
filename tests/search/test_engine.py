"""The engine by itself: what is found, in which order, and that index and readers never disagree for long."""

import multiprocessing
from datetime import UTC, datetime, timedelta

import pytest

from gongkai.search import answer
from gongkai.search.asking import Query
from gongkai.search.engine import Engine, IndexBroken
from gongkai.search.lock import LockBusy, exclusive
from gongkai.search.schema import SearchDocument, in_sample

DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def document(key, title, body="", **more):
    return SearchDocument(key=str(key), title=title, body=body, **({"released_at": DAY} | more))


@pytest.fixture
def engine(tmp_path):
    return Engine(tmp_path)


def keys(engine, text="", **more):
    return [hit.key for hit in engine.search(Query(text, **more)).hits]


SOME = (
    document(
        1, "青禾市城镇老旧小区改造实施方案", "老旧小区改造资金由市财政补助，居民合理分担。", organ="建设", year="2025"
    ),
    document(
        2,
        "青禾市公租房申请办法",
        "申请公租房应当提交收入证明。",
        organ="建设",
        year="2026",
        doc_number="青政办〔2026〕7号",
    ),
    document(
        3, "青禾市财政补助资金管理规定", "补助资金专款专用，老旧小区改造项目另行规定。", organ="财政", year="2026"
    ),
    document(4, "重大会议情况通报", "机关干部集中学习。", organ="财政", year="2025", index_number="Q0001-2025-0004"),
    document(5, "职工代表大会公告", "大会安排。", organ="教育", year="2026", external_id="old-77"),
)


@pytest.fixture
def filled(engine):
    engine.apply(SOME, position=10)
    return engine


# -- words


def test_every_word_has_to_be_there_and_titles_come_first(filled):
    assert keys(filled, "老旧小区 补助") == ["1", "3"]
    assert keys(filled, "财政补助") == ["3", "1"]


def test_a_word_is_not_found_across_two_other_words(filled):
    assert keys(filled, "大会") == ["5"]


def test_a_quoted_phrase_stands_just_so(filled):
    assert keys(filled, '"补助资金"') == ["3"]
    assert keys(filled, "“改造资金”") == ["1"]
    assert keys(filled, '"公租房申请"') == ["2"]


def test_full_width_and_variant_characters_find_the_same(filled):
    assert keys(filled, "公租房 申請") == ["2"]


def test_a_cut_off_title_is_found(filled):
    assert keys(filled, "禾市财政补助资金管")[0] == "3"
    assert keys(filled, "旧小区改造实")[0] == "1"


def test_a_question_finds_the_nearest_when_nothing_has_every_word(filled):
    answered = filled.search(Query("申请公租房需要准备哪些收入证明和身份材料？"))
    assert answered.kind == "close"
    assert answered.hits[0].key == "2"


def test_a_pasted_paragraph_finds_the_document_it_comes_from(engine):
    texts = [f"第{n}区的补助由{n}街道办事处负责发放，逾期未领取的视为放弃。" for n in "一二三四五六七八九"]
    engine.apply([document(n, "通知", text * 3) for n, text in enumerate(texts)], position=1)
    assert keys(engine, (texts[4] * 20)[3:])[0] == "4"


def test_what_nothing_is_near_to_finds_nothing_and_says_what_less_would_find(filled):
    assert filled.search(Query("量子望远镜")).total == 0
    less = filled.relaxations(Query("公租房 量子", filters={"year": ("2026",)}))
    assert [(one.dropped, one.value, one.query.text, one.total) for one in less] == [("量子", "", "公租房", 1)]
    without = filled.relaxations(Query("公租房", filters={"year": ("2025",)}))
    assert [(one.dropped, one.value, one.total) for one in without] == [("year", "2025", 1)]


def test_an_empty_question_lists_everything_newest_first(engine):
    engine.apply([document(n, "通知", released_at=DAY + timedelta(days=n)) for n in range(3)], position=1)
    assert keys(engine) == ["2", "1", "0"]


@pytest.mark.parametrize(
    "text", ["的", "？！", "   ", "'\"", "“”", "AND OR NOT", "title:公租房", "(((", "\x00", "a" * 100_000]
)
def test_no_text_breaks_the_search(filled, text):
    assert filled.search(Query(text)).total >= 0


# -- numbers


@pytest.mark.parametrize(
    "typed", ["青政办〔2026〕7号", "青政办[2026] 7号", "青政办(2026)第07号", "请问青政办【2026】7号还有效吗"]
)
def test_a_document_number_stands_alone(filled, typed):
    answered = filled.search(Query(typed))
    assert (answered.kind, answered.total, [hit.key for hit in answered.hits]) == ("number", 1, ["2"])


def test_index_number_and_external_number_are_found_exactly(filled):
    assert keys(filled, "q0001—2025—0004") == ["4"]
    assert keys(filled, "old-77") == ["5"]
    assert filled.search(Query("old-7")).kind != "number"


# -- filters, order, pages, facets


def test_filters_narrow_and_values_of_one_filter_add_up(filled):
    assert keys(filled, "补助", filters={"organ": ("财政",)}) == ["3"]
    assert keys(filled, filters={"organ": ("财政", "教育"), "year": ("2026",)}) == ["3", "5"]


def test_facets_count_the_matching_documents_and_a_chosen_filter_shows_its_other_values(filled):
    answered = filled.search(Query("补助", filters={"organ": ("财政",)}, facets=("organ", "year")))
    assert dict(answered.facets["organ"]) == {"建设": 1, "财政": 1}
    assert dict(answered.facets["year"]) == {"2026": 1}
    assert answered.approximate is False


def test_newest_first_keeps_what_matches(engine):
    engine.apply(
        [document(n, f"补助通知{n}", released_at=DAY + timedelta(days=n % 5)) for n in range(5)]
        + [document(9, "公告")],
        position=1,
    )
    assert keys(engine, "补助", sort="date") == ["4", "3", "2", "1", "0"]


def test_pages_follow_one_another_without_gap_or_repeat(engine):
    engine.apply([document(n, f"第{n}号通知", "工作安排") for n in range(60)], position=1)
    pages = [keys(engine, "通知 工作", offset=start, limit=25) for start in (0, 25, 50)]
    assert [len(page) for page in pages] == [25, 25, 10]
    assert len({key for page in pages for key in page}) == 60


def test_unknown_filters_and_pages_are_refused(filled):
    with pytest.raises(ValueError, match="没有这个筛选项：colour"):
        filled.search(Query("补助", filters={"colour": ("red",)}))
    with pytest.raises(ValueError, match="页码超出范围"):
        filled.search(Query("补助", offset=-1))


# -- very common words: titles first, counts from the sample


def test_common_words_give_the_same_documents_by_titles_first_and_sampled_counts(engine, monkeypatch):
    engine.apply(
        [
            document(n, f"{'工作' if n % 4 == 0 else '其他'}通知", f"工作安排第{n}件", year=str(n % 2))
            for n in range(900)
        ],
        position=1,
    )
    exact = engine.search(Query("工作", limit=900, facets=("year",)))
    monkeypatch.setattr(answer, "COMMON", 100)
    monkeypatch.setattr(answer, "SAMPLE_ENOUGH", 1)
    common = engine.search(Query("工作", limit=900, facets=("year",)))
    sampled = sum(in_sample(str(n)) for n in range(900))
    assert (exact.total, exact.approximate) == (900, False)
    assert (common.total, common.approximate) == (sampled * 32, True)
    assert sum(count for _, count in common.facets["year"]) == sampled * 32
    assert {hit.key for hit in common.hits} == {hit.key for hit in exact.hits}
    assert all(int(hit.key) % 4 == 0 for hit in common.hits[:225])
    paged = [
        hit.key for start in range(0, 900, 90) for hit in engine.search(Query("工作", offset=start, limit=90)).hits
    ]
    assert len(paged) == len(set(paged)) == 900


# -- writing


def test_the_same_key_again_replaces_and_a_deletion_is_gone_at_once(filled):
    filled.apply([document(1, "已改名的方案")], ["2"], position=12)
    assert keys(filled, "老旧小区 补助") == ["3"]
    assert keys(filled, "公租房") == []
    assert keys(filled, "已改名") == ["1"]
    assert (len(filled), filled.position) == (4, 12)


def test_applying_twice_changes_nothing(filled):
    filled.apply(SOME, ["404"], position=10)
    assert (len(filled), filled.position) == (5, 10)
    assert keys(filled, "财政补助") == ["3", "1"]


def test_a_rebuild_leaves_only_what_it_brings(filled):
    filled.apply([document(8, "新的通知")], position=20, rebuild=True)
    assert keys(filled) == ["8"]


def test_another_reader_sees_the_commit_and_the_position(filled, tmp_path):
    reader = Engine(tmp_path)
    assert (keys(reader, "公租房"), reader.position) == (["2"], 10)
    filled.apply(deletions=["2"], position=11)
    assert (keys(reader, "公租房"), reader.position) == ([], 11)


def test_a_failure_half_way_leaves_the_index_as_it_was(filled):
    def half():
        yield document(6, "半途的通知")
        raise RuntimeError("断电")

    with pytest.raises(RuntimeError):
        filled.apply(half(), ["1"], position=99)
    assert (len(filled), filled.position) == (5, 10)
    filled.apply([document(6, "之后的通知")], position=13)
    assert (len(filled), filled.position) == (6, 13)


def test_a_naive_instant_and_an_empty_key_are_refused(engine):
    with pytest.raises(ValueError, match="发布时间缺少时区"):
        engine.apply([document(1, "通知", released_at=DAY.replace(tzinfo=None))], position=1)
    with pytest.raises(ValueError, match="检索文档缺少标识"):
        engine.apply([document("", "通知")], position=1)
    assert len(engine) == 0


def test_a_second_writer_waits_its_turn_and_says_so(filled, tmp_path):
    with exclusive(tmp_path / "writer.lock", wait=0), pytest.raises(LockBusy, match="请稍后再试"):
        filled.apply(deletions=["1"], position=11, wait=0.1)
    assert filled.apply(deletions=["1"], position=11) == 0


def _write(path, start, barrier):
    barrier.wait()
    Engine(path).apply([document(n, f"第{n}号通知") for n in range(start, start + 20)], position=start)


def test_writers_in_several_processes_lose_nothing(tmp_path):
    Engine(tmp_path)
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(3)
    writers = [context.Process(target=_write, args=(tmp_path, start, barrier)) for start in (0, 100, 200)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    assert len(Engine(tmp_path)) == 60


def test_an_unreadable_index_says_what_to_do(tmp_path):
    Engine(tmp_path).apply(SOME, position=1)
    (meta,) = tmp_path.glob("v*/meta.json")
    meta.write_text("{}", encoding="utf-8")
    with pytest.raises(IndexBroken, match="重建索引"):
        Engine(tmp_path)


def test_a_body_of_five_million_characters_is_taken_in(engine):
    engine.apply([document(1, "长文", "开头的词汇。" + "长" * 5_000_000)], position=1)
    assert keys(engine, "词汇") == ["1"]
