export const STYLE = `
:root { color-scheme: light dark; }
* { box-sizing: border-box; }
body {
  margin: 0; font: 1.0625rem/1.65 system-ui, -apple-system, 'Segoe UI', sans-serif; overflow-wrap: break-word;
  color: light-dark(#1c2322, #d9e0de); background: light-dark(#fff, #111414);
}
header { border-bottom: 1px solid light-dark(#e2e6e5, #2c3231); }
header a { display: block; padding: 0.875rem 1.25rem; font-weight: 600; color: inherit; text-decoration: none; }
header a, main, footer { max-width: 44rem; margin: 0 auto; }
main { padding: 2rem 1.25rem 3rem; }
a { color: light-dark(#0f6b64, #5fd0c5); text-underline-offset: 0.15em; }
a:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; border-radius: 2px; }
h1, h2, h3, h4, h5, h6 { line-height: 1.25; margin: 2em 0 0.5em; text-wrap: balance; }
h1 { font-size: 2rem; margin: 0 0 0.5rem; }
h2 { font-size: 1.375rem; }
h3 { font-size: 1.125rem; }
h4, h5, h6 { font-size: 1rem; }
p, ul, ol, pre, blockquote, table, dl { margin: 0 0 1rem; }
.lead { font-size: 1.1875rem; }
.lead, .category, .updated, li > p, section > p { color: light-dark(#55605d, #9aa5a2); }
.category { margin: 0 0 0.25rem; font-size: 0.9375rem; }
.updated { margin-top: 2.5rem; font-size: 0.9375rem; }
section > ul { list-style: none; padding: 0; }
section > ul > li { padding: 0.75rem 0; border-top: 1px solid light-dark(#e2e6e5, #2c3231); }
section > ul > li > a { font-weight: 500; }
li > p { margin: 0; }
img { max-width: 100%; height: auto; border-radius: 6px; }
pre, table { display: block; max-width: 100%; overflow-x: auto; }
code { font: 0.9em/1.5 ui-monospace, 'SF Mono', Menlo, Consolas, monospace; }
pre, :not(pre) > code { background: light-dark(#f1f4f3, #1d2222); border-radius: 6px; }
pre { padding: 0.875rem 1rem; }
:not(pre) > code { padding: 0.125em 0.3em; }
blockquote { padding-inline-start: 1rem; border-inline-start: 3px solid light-dark(#b9c6c3, #44504d); }
table { border-collapse: collapse; }
th, td { padding: 0.5rem 0.75rem; border: 1px solid light-dark(#d5dcda, #343c3a); text-align: start; }
hr { border: 0; border-top: 1px solid light-dark(#e2e6e5, #2c3231); margin: 2rem 0; }
footer { padding: 0 1.25rem 3rem; }
footer ul { display: flex; flex-wrap: wrap; gap: 0.5rem 1.25rem; list-style: none; padding: 0; margin: 0; }
[aria-current] { color: inherit; font-weight: 600; text-decoration: none; }
`;
