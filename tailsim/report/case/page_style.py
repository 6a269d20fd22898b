"""What the page looks like and how its sliders work; nothing is loaded from elsewhere."""

STYLE = """
:root{color-scheme:light dark;--paper:#fff;--card:#f5f6f8;--ink:#1b1d21;--muted:#595f69;--grid:#d5d8de;
--main:#0072b2;--warm:#b84a00;--good:#00795a;--edge:#c3c7ce}
@media (prefers-color-scheme:dark){:root{--paper:#15171b;--card:#1f2228;--ink:#eceef1;--muted:#a9b0bb;--grid:#363b44;
--main:#5ab4e8;--warm:#f0914e;--good:#3fc79b;--edge:#4a505b}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",sans-serif}
.skip{position:absolute;left:-99rem}.skip:focus{left:.5rem;top:.5rem;background:var(--paper);padding:.5rem;z-index:1}
header,main,footer{max-width:68rem;margin:0 auto;padding:0 1.1rem}
header{padding-top:1.6rem}h1{font-size:1.75rem;line-height:1.2;margin:0 0 .3rem;overflow-wrap:anywhere}
h2{font-size:1.2rem;margin:2.2rem 0 .7rem}h3{font-size:1rem;margin:0 0 .4rem}
p{margin:.3rem 0}.quiet,footer,small,figcaption{color:var(--muted);font-size:.875rem}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.7rem;margin:1.2rem 0 0;padding:0}
.cards div{background:var(--card);border-radius:.6rem;padding:.7rem .9rem}
.cards dt{color:var(--muted);font-size:.875rem}
.cards dd{margin:0;font-size:1.65rem;font-weight:650;line-height:1.25}.cards small{display:block;font-weight:400}
.said{padding:0;margin:0;list-style:none}.said li{padding:.5rem 0;border-top:1px solid var(--grid)}
.said li:first-child{border-top:0}.said small{display:block}
.said data{font-weight:650}
.drawn{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(24rem,100%),1fr));gap:1.2rem}
figure{margin:0;background:var(--card);border-radius:.6rem;padding:.8rem;break-inside:avoid}
svg{display:block;width:100%;max-width:34rem;margin:0 auto;height:auto}
.panel{background:var(--card);border-radius:.6rem;padding:1rem;display:grid;gap:1rem 2rem;
grid-template-columns:repeat(auto-fit,minmax(min(18rem,100%),1fr))}
.panel label{display:block;font-size:.9rem;margin-top:.6rem}.panel label:first-child{margin-top:0}
.panel output{font-weight:650}
input[type=range]{width:100%;margin:.2rem 0;accent-color:var(--main);min-height:1.6rem}
button{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--edge);border-radius:.4rem;
padding:.35rem .8rem;margin-top:.7rem;cursor:pointer}
:focus-visible{outline:3px solid var(--main);outline-offset:2px}
.answers{margin:0}.answers div{display:flex;justify-content:space-between;gap:1rem;padding:.4rem 0;
border-top:1px solid var(--grid)}.answers div:first-child{border-top:0}
.answers dd{margin:0;text-align:right;font-weight:650}.answers small{display:block;font-weight:400}
table{border-collapse:collapse;width:100%;font-size:.925rem}
caption{text-align:left;color:var(--muted);font-size:.875rem}
th,td{text-align:left;vertical-align:top;padding:.45rem .8rem .45rem 0;
border-top:1px solid var(--grid);overflow-wrap:break-word}
.numbers td:nth-child(2),.numbers td:nth-child(3){white-space:nowrap}
thead th{border-top:0;color:var(--muted);font-weight:600}tbody th{font-weight:500}
.up{color:var(--good)}.down{color:var(--warm)}.alike{color:var(--muted)}
footer{padding-top:1.5rem;padding-bottom:2.5rem}
@media (max-width:40rem){
h1{font-size:1.45rem}thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table,tbody,tr,th,td,caption{display:block;width:100%}tr{padding:.5rem 0;border-top:1px solid var(--grid)}
th,td{border:0;padding:.1rem 0}tbody th{font-weight:650}
td[data-label]::before{content:attr(data-label) ": ";color:var(--muted)}}
@media print{:root{--paper:#fff;--card:#fff;--ink:#000;--muted:#444;
--grid:#bbb;--main:#0072b2;--warm:#b84a00;--good:#00795a}
body{font-size:10.5pt}.skip,.what-if{display:none}figure,.cards div{border:1px solid var(--edge)}
header,main,footer{max-width:none;padding:0}h2{break-after:avoid}tr,.said li{break-inside:avoid}a{color:inherit}}
"""

SCRIPT = """
(function(){
"use strict";
var held=document.getElementById("what-if-data");
if(!held){return;}
var grid=JSON.parse(held.textContent);
var panel=document.getElementById("what-if");
var inputs=grid.sliders.map(function(s){return document.getElementById("slider-"+s.name);});
function show(){
  var index=0;
  grid.sliders.forEach(function(s,i){
    var at=Number(inputs[i].value);
    index=index*s.settings.length+at;
    document.getElementById("setting-"+s.name).textContent=s.settings[at];
    inputs[i].setAttribute("aria-valuetext",s.settings[at]);
  });
  grid.cells[index].forEach(function(reading,j){
    document.getElementById("answer-"+grid.names[j]).textContent=reading[0];
    document.getElementById("ends-"+grid.names[j]).textContent=reading[1]?"95% interval "+reading[1]:"exact";
  });
}
inputs.forEach(function(input){input.addEventListener("input",show);});
document.getElementById("what-if-reset").addEventListener("click",function(){
  grid.sliders.forEach(function(s,i){inputs[i].value=s.start;});show();
});
panel.hidden=false;
show();
})();
"""
