"""The case's page in a real browser, where Chromium is installed: layout, numbers, sliders, errors."""

import html
import json
import re
import shutil
import subprocess

import pytest

import tailsim as ts
from tailsim.report.case import Case

CHROMIUM = next((p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium")

# runs before the page: gathers errors, and in frames of two widths measures what stands out
PROBE = """<script>
var errors=[];
addEventListener("error",function(e){errors.push(String(e.message));},true);
addEventListener("securitypolicyviolation",function(e){errors.push(e.violatedDirective);});
["error","warn"].forEach(function(k){console[k]=function(m){errors.push(String(m));};});
addEventListener("load",function(){
  var wide=[];
  document.body.style.width=WIDTH+"px";
  var all=document.querySelectorAll("body *");
  for(var i=0;i<all.length;i++){
    var box=all[i].getBoundingClientRect();
    if(all[i].closest("svg")&&all[i].tagName!=="svg"){continue;}
    if(box.width&&box.right>WIDTH+1&&!all[i].classList.contains("skip")){wide.push(all[i].tagName+" "+box.right);}
  }
  var found={errors:errors,wide:wide,window:innerWidth,scroll:document.documentElement.scrollWidth};
  found.data=[].map.call(document.querySelectorAll("data"),function(d){
    return [d.dataset.figure,d.value,d.textContent];});
  found.ids=[].map.call(document.querySelectorAll("[id]"),function(d){return d.id;});
  found.unnamed=[].filter.call(document.querySelectorAll("input[type=range]"),function(d){
    return !d.labels.length;}).length;
  found.read=function(){return [].map.call(document.querySelectorAll(".answers dd span"),function(d){
    return d.textContent;});};
  var panel=document.getElementById("what-if");
  found.panel=!panel.hidden;
  found.start=found.read();
  var inputs=panel.querySelectorAll("input[type=range]");
  [].forEach.call(inputs,function(d){d.value=d.max;d.dispatchEvent(new Event("input"));});
  found.last=found.read();
  document.getElementById("what-if-reset").click();
  found.again=found.read();
  var out=document.createElement("pre");out.id="probe";out.textContent=JSON.stringify(found);
  document.body.appendChild(out);
});
</script>"""


@pytest.fixture(scope="module")
def case() -> Case:
    return ts.case_for_failure(ts.Portfolio.of(ts.ZeroInflated(ts.Pareto(1.5), 0.65), 30), n_trials=1000, rng=1)


def probed(case: Case, folder, width: int) -> dict:
    """What the page says of itself at a width."""
    path = folder / f"case{width}.html"
    page = case.to_html().replace("<title>", PROBE.replace("WIDTH", str(width)) + "<title>", 1)
    path.write_text(page, encoding="utf-8")
    flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1"]
    place = [f"--user-data-dir={folder / 'profile'}", f"--window-size={max(width, 500)},900"]
    if width < 500:  # windows are no narrower than that, so the page goes into a frame
        outer = folder / "frame.html"
        outer.write_text(f'<iframe src="{path.name}" style="width:{width}px;height:900px;border:0"></iframe>')
        path = relay(folder, path, outer)
    done = subprocess.run(
        [
            CHROMIUM,
            *flags,
            *place,
            "--allow-file-access-from-files",
            "--virtual-time-budget=3000",
            "--dump-dom",
            f"file://{path}",
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    found = re.search(r'<pre id="probe">(.*?)</pre>', done.stdout, flags=re.S)
    assert found, done.stdout[-500:]
    return json.loads(html.unescape(found.group(1)))


def relay(folder, inner, outer):
    """A frame whose probe is copied out, so that the outer page's text holds it."""
    script = (
        "<script>addEventListener('load',function(){var d=frames[0].document.getElementById('probe');"
        "document.body.appendChild(document.importNode(d,true));});</script>"
    )
    outer.write_text(outer.read_text() + script)
    return outer


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_in_a_browser(case: Case, tmp_path, width: int) -> None:
    found = probed(case, tmp_path, width)
    assert found["errors"] == []
    assert found["wide"] == []
    assert found["window"] == width
    assert found["scroll"] <= width
    assert found["panel"]
    assert found["unnamed"] == 0
    assert len(set(found["ids"])) == len(found["ids"])
    content = json.loads(case.to_json())
    held = {name: (f["value"], f["text"]) for name, f in content["figures"].items()}
    for change in content["changes"]:
        for shift in change["shifts"]:
            held[shift["after"]["name"]] = (shift["after"]["estimate"]["value"], shift["after"]["text"])
    assert len(found["data"]) > 40
    for name, value, text in found["data"]:
        assert float(value) == held[name][0]
        assert text == held[name][1]
    assert {name for name, _, _ in found["data"]} == set(held)
    answers = content["what_if"]["answers"]
    assert found["last"] == [column["text"][-1] for column in answers.values()]
    assert found["start"] == found["again"] == [reading.text for reading in case.what_if.start]
    assert found["start"] != found["last"]
