/** Style of the report. */
export const STYLE = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: #f3f5f7; color: #24292f; font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 32px 20px 64px; }
header { margin-bottom: 20px; }
h1 { font-size: 30px; line-height: 1.2; margin: 0 0 6px; letter-spacing: -0.01em; }
h2 { font-size: 20px; margin: 0 0 10px; }
h4 { font-size: 14px; margin: 22px 0 4px; color: #57606a; font-weight: 600; }
p { margin: 0 0 12px; max-width: 86ch; }
.sub { color: #57606a; margin: 0; }
section { background: #fff; border: 1px solid #dfe3e8; border-radius: 10px; padding: 22px 24px; margin: 18px 0; }
figure { margin: 6px 0 14px; }
figure svg { width: 100%; height: auto; display: block; }
.wide { overflow-x: auto; margin-bottom: 12px; }
table { border-collapse: collapse; width: 100%; font-size: 13px; font-variant-numeric: tabular-nums; }
th, td { padding: 6px 9px; text-align: left; border-bottom: 1px solid #e6e9ec; white-space: nowrap; }
th { color: #57606a; font-weight: 600; vertical-align: bottom; white-space: normal; border-bottom-color: #c9d0d6; }
.n { text-align: right; }
td i { display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin-right: 8px; }
.bad { color: #b3202b; font-weight: 600; }
.good { color: #1a7f37; }
.mild { color: #8a5a00; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(210px, 1fr)); gap: 14px; margin: 0 0 16px; }
.card { border: 1px solid #dfe3e8; border-radius: 8px; padding: 12px 16px; }
.card b { display: block; font-size: 24px; line-height: 1.25; }
.card span { color: #57606a; font-size: 13px; }
details { border-top: 1px solid #e6e9ec; padding: 12px 0; }
details:first-of-type { border-top: 0; }
summary { cursor: pointer; font-size: 16px; padding: 4px 0 8px; }
summary span { color: #57606a; font-size: 13px; margin-left: 6px; }
ul { margin: 0; padding-left: 20px; max-width: 96ch; }
li { margin-bottom: 8px; }
@media print { body { background: #fff; } section { break-inside: avoid-page; border: 0; padding: 0; } }
`;
