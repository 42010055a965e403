"""An applicant's whole way on a telephone: sign in, write, prefill, upload, check, file, correct, hand back."""

import re
from pathlib import Path

from casework.applying.correcting import return_marked
from casework.history import show
from casework.intake.writing import write_form
from states.forms import FormKind
from states.roles import Role

PASSWORD = "Sample-12345"


def test_from_signing_in_to_the_correction_handed_back(
    page, heard, serious, account, unit, desk, now, tmp_path: Path
) -> None:
    account(Role.APPLICANT, unit.scope, "unit.lin")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/sign-in?next=/apply")
    page.locator('[name="login"]').fill("unit.lin")
    page.locator('[name="password"]').fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="我的申报", level=1).wait_for()
    assert serious(page) == []
    page.locator('[name="what"]').first.select_option(unit.what)
    page.locator('[name="channel"]').first.select_option(unit.sample.office.code)
    page.get_by_role("button", name="开始填报").first.click()
    page.get_by_role("heading", name="数字技术工程师培育项目评价机构推荐表").wait_for()
    page.locator('[name="f.profile"]').fill("先写一句。")
    page.get_by_text("已自动保存。").wait_for()
    word = tmp_path / "推荐表.docx"
    write_form(FormKind.EVALUATION, unit.sample.application, word)
    page.locator("details.word summary").click()
    page.locator('input[name="word"]').set_input_files(word)
    page.get_by_role("button", name="上传并带入").click()
    page.get_by_text("个栏目，请逐栏核对后保存").wait_for()
    rows = page.locator('[name^="r.people."][name$=".name"]')
    before = rows.count()
    page.locator('button[name="add"][value="people"]').click()
    page.locator(f'[name="r.people.{before}.name"]').wait_for()
    page.locator(f'button[name="drop"][value="people.{before}"]').click()
    page.locator(f'[name="r.people.{before}.name"]').wait_for(state="detached")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert serious(page) == []
    page.get_by_role("button", name="保存并检查").click()
    page.get_by_role("heading", name="提交前检查").wait_for()
    assert page.locator(".found.bad li").count() == 1, page.locator(".found.bad").inner_text()
    assert "必备材料不齐" in page.locator(".found.bad").inner_text()
    assert serious(page) == []
    page.get_by_role("link", name="去修改").first.click()
    for kind in ("registration_certificate", "credit_record"):
        paper = tmp_path / f"{kind}.pdf"
        paper.write_bytes(b"%PDF-1.4\n" + kind.encode())
        upload = page.locator(f'form.upload:has(input[value="{kind}"])')
        upload.locator('input[type="file"]').set_input_files(paper)
        upload.locator("button").click()
        page.get_by_text("材料已保存。").wait_for()
    page.get_by_role("button", name="保存并检查").click()
    page.get_by_text("可以提交。").wait_for()
    page.get_by_role("button", name="提交申报").click()
    page.get_by_role("heading", name=unit.sample.occupation.title).wait_for()
    no = re.search(r"/apply/cases/(.+)$", page.url)[1]
    assert serious(page) == []
    return_marked(desk, no, {"profile": "请写明行业地位"}, "", version=None, by=unit.recommender, as_of=now())
    page.reload()
    page.get_by_role("button", name="开始补正").click()
    page.get_by_text("请写明行业地位").first.wait_for()
    assert page.locator('[name="f.plan"]').count() == 0
    assert serious(page) == []
    page.locator('[name="f.profile"]').fill("示例单位在行业内的地位如下。")
    page.get_by_role("button", name="保存并检查").click()
    page.get_by_role("button", name="提交补正").click()
    page.get_by_text("补正已提交").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert show(desk, no, as_of=now()).stage == "submitted"
    assert heard == []
