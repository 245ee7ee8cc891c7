/** Colors, text, header and list of operations of the API reference, in the colors of the dashboard. */
export const PAGE_STYLE = `:root {
  color-scheme: light dark;
  --text: light-dark(#1c2322, #d5dcda);
  --dim: light-dark(#55615f, #93a09d);
  --page: light-dark(#f7f8f8, #111414);
  --panel: light-dark(#fff, #191d1d);
  --line: light-dark(#e2e6e5, #2c3231);
  --code: light-dark(#f1f4f3, #141818);
  --gate: light-dark(#0f766e, #4fb8a4);
  --gate-soft: light-dark(#effaf7, #0f2b28);
  --bad: light-dark(#9f1c1c, #ffb4ab);
  --mono: ui-monospace, 'SF Mono', SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace;
}
:root[data-theme='light'] {
  color-scheme: light;
}
:root[data-theme='dark'] {
  color-scheme: dark;
}
* {
  box-sizing: border-box;
}
body {
  margin: 0;
  font:
    15px/1.55 'Inter Variable',
    system-ui,
    -apple-system,
    'Segoe UI',
    sans-serif;
  color: var(--text);
  background: var(--page);
}
a {
  color: var(--gate);
}
code,
pre,
textarea,
.type,
.method {
  font-family: var(--mono);
  font-size: 0.8125rem;
}
:focus-visible {
  outline: 2px solid var(--gate);
  outline-offset: 2px;
}
h1:focus-visible {
  outline: none;
}
h1 {
  margin: 0 0 8px;
  font-size: 1.625rem;
  line-height: 1.25;
  font-weight: 650;
  letter-spacing: -0.01em;
}
h2 {
  margin: 32px 0 8px;
  font-size: 1.0625rem;
  font-weight: 650;
}
button,
input,
textarea {
  font: inherit;
  color: inherit;
}
input,
textarea {
  width: 100%;
  padding: 7px 10px;
  border: 1px solid var(--line);
  border-radius: 8px;
  background: var(--panel);
}
textarea {
  font-family: var(--mono);
  font-size: 0.8125rem;
  resize: vertical;
}
button {
  padding: 6px 12px;
  border: 1px solid var(--line);
  border-radius: 8px;
  background: var(--panel);
  cursor: pointer;
}
button:hover {
  border-color: var(--gate);
}
button.primary {
  color: #fff;
  font-weight: 600;
  border-color: #0f766e;
  background: #0f766e;
}
button.primary:hover {
  background: #0d5f59;
}
.skip {
  position: absolute;
  left: -9999px;
}
.skip:focus {
  left: 8px;
  top: 8px;
  z-index: 2;
  padding: 8px;
  background: var(--panel);
}

header {
  position: sticky;
  top: 0;
  z-index: 1;
  display: flex;
  flex-wrap: wrap;
  gap: 8px 16px;
  align-items: center;
  padding: 10px 24px;
  border-bottom: 1px solid var(--line);
  background: var(--panel);
}
header > a {
  display: flex;
  gap: 10px;
  align-items: center;
  font-weight: 650;
  color: inherit;
  text-decoration: none;
}
header svg rect {
  fill: #0f766e;
}
header svg path {
  fill: none;
  stroke: #fff;
  stroke-width: 2.4;
  stroke-linecap: round;
  stroke-linejoin: round;
}
header label {
  display: flex;
  gap: 8px;
  align-items: center;
  color: var(--dim);
  font-size: 0.875rem;
}
header input {
  width: 200px;
}
header .space {
  flex: 1;
}

.layout {
  display: grid;
  grid-template-columns: 300px minmax(0, 1fr);
  align-items: start;
}
nav {
  position: sticky;
  top: 58px;
  height: calc(100vh - 58px);
  overflow-y: auto;
  padding: 16px 12px 32px 24px;
  border-right: 1px solid var(--line);
}
nav summary {
  padding: 5px 8px;
  font-weight: 600;
  border-radius: 8px;
  cursor: pointer;
}
nav summary:hover {
  background: var(--gate-soft);
}
nav ul {
  margin: 0 0 8px;
  padding: 0;
  list-style: none;
}
nav li a {
  display: flex;
  gap: 8px;
  align-items: baseline;
  padding: 4px 8px;
  border-radius: 8px;
  color: inherit;
  font-size: 0.875rem;
  text-decoration: none;
}
nav li a:hover,
nav li a[aria-current] {
  background: var(--gate-soft);
}
nav li a[aria-current] {
  font-weight: 600;
}
nav .method {
  flex: none;
  width: 48px;
}

`;
