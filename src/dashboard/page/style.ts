/** The page's one style sheet: system fonts, light and dark, tables that scroll on a narrow screen. */
export const style = `
:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --card: #ffffff; --ink: #16202c; --soft: #5b6878; --line: #dfe4ea;
  --bar: #2f6fde; --bar-over: #d9822b; --track: #e6eaf0; --mark: #16202c;
  --good: #1a7f4b; --good-ground: #e3f4ea; --warn: #8a5a00; --warn-ground: #fff1d6;
  --bad: #b3261e; --bad-ground: #fde7e5;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #10151c; --card: #18202a; --ink: #e7edf4; --soft: #96a4b5; --line: #2a3542;
    --bar: #6aa2ff; --bar-over: #f0a552; --track: #2a3542; --mark: #e7edf4;
    --good: #6ddb9c; --good-ground: #14352a; --warn: #ffcf7a; --warn-ground: #3a2d10;
    --bad: #ff9b92; --bad-ground: #45191a;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
main { max-width: 76rem; margin: 0 auto; padding: 1.25rem 1.25rem 3rem; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem; margin-bottom: 1rem; }
h1 { font-size: 1.35rem; margin: 0; letter-spacing: -.01em; }
h1 span { color: var(--soft); font-weight: 400; }
h2 { font-size: 1rem; margin: 0; }
header .when { margin-left: auto; color: var(--soft); font-size: .85rem; text-align: right; }
.pill {
  display: inline-block; padding: .1rem .6rem; border-radius: 99rem; font-size: .8rem; font-weight: 600;
  white-space: nowrap; background: var(--track); color: var(--ink);
}
.pill.good { background: var(--good-ground); color: var(--good); }
.pill.warn { background: var(--warn-ground); color: var(--warn); }
.pill.bad { background: var(--bad-ground); color: var(--bad); }
.notice { border-radius: .6rem; padding: .8rem 1rem; margin-bottom: 1rem; border-left: .35rem solid; }
.notice.bad { background: var(--bad-ground); border-color: var(--bad); }
.notice.warn { background: var(--warn-ground); border-color: var(--warn); }
.notice strong { display: block; font-size: 1.05rem; }
.notice.bad strong { color: var(--bad); }
.notice.warn strong { color: var(--warn); }
.notice ul { margin: .25rem 0 0; padding-left: 1.2rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .75rem; margin-bottom: 1rem; }
.figure, section { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; }
.figure { padding: .75rem 1rem; }
.figure dt { color: var(--soft); font-size: .8rem; }
.figure dd { margin: 0; font-size: 1.45rem; font-weight: 600; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
.figure dd.small { font-size: 1.05rem; height: 2.1rem; display: flex; align-items: center; }
.figure dd.small code { font-size: 1rem; }
.figure dd.small .pill { font-size: .9rem; letter-spacing: 0; }
.figure p { margin: 0; color: var(--soft); font-size: .8rem; }
section { margin-bottom: 1rem; overflow: hidden; }
section > .head { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: baseline; padding: .8rem 1rem .4rem; }
section > .head p { margin: 0; color: var(--soft); font-size: .85rem; }
section > p { margin: 0; padding: 0 1rem .9rem; color: var(--soft); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .45rem 1rem; border-top: 1px solid var(--line); vertical-align: middle; }
th { font-size: .78rem; color: var(--soft); font-weight: 500; border-top: 0; white-space: nowrap; }
td.number, th.number { text-align: right; white-space: nowrap; }
td small { display: block; color: var(--soft); font-size: .8rem; }
td .id { font-weight: 600; }
td code { font: .82rem ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; white-space: nowrap; }
td:first-child { white-space: nowrap; }
.share { display: inline-block; margin-right: 1rem; white-space: nowrap; }
.bars { min-width: 13rem; }
.bars svg { display: block; width: 100%; height: .8rem; }
.track { fill: var(--track); }
.fill { fill: var(--bar); }
.fill.over { fill: var(--bar-over); }
.mark { fill: var(--mark); }
.key { display: inline-block; width: .7rem; height: .7rem; border-radius: .15rem; background: var(--bar); vertical-align: -.05rem; margin-right: .2rem; }
.key.line { width: .18rem; background: var(--mark); margin-left: .6rem; }
footer { color: var(--soft); font-size: .82rem; }
@media (max-width: 40rem) {
  main { padding: .9rem .7rem 2rem; }
  header .when { margin-left: 0; text-align: left; width: 100%; }
  th, td { padding: .4rem .7rem; }
}
`;
