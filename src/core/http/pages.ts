import { Answer } from '../wire/answer.js';

export const PAGE_HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'Content-Security-Policy': "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
};

const FORM_PAGE_HEADERS = {
  ...PAGE_HEADERS,
  'Content-Security-Policy': PAGE_HEADERS['Content-Security-Policy'].replace(
    "form-action 'none'",
    "form-action 'self'",
  ),
};

/** Answers a page whose form posts to its own address. */
export function answerFormPage(html: string, status: number): Answer<string> {
  return new Answer(html, { status, headers: FORM_PAGE_HEADERS });
}

/**
 * A page that needs nothing of the built dashboard.
 * @param body HTML, already escaped
 */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Gatehouse</title>
<link rel="stylesheet" href="/dashboard/page.css">
</head>
<body>
<main>
<svg width="40" height="40" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8"/><path d="M8 25V14a8 8 0 0 1 16 0v11M13 25V14.5a3 3 0 0 1 6 0V25M6.5 25h19"/></svg>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`;
}

export const STYLE = `:root { color-scheme: light dark; }
body {
  margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px; box-sizing: border-box;
  font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', sans-serif;
  color: light-dark(#1c2322, #d5dcda); background: light-dark(#f7f8f8, #111414);
}
main {
  max-width: 420px; padding: 32px; border-radius: 16px;
  background: light-dark(#fff, #191d1d); border: 1px solid light-dark(#e2e6e5, #2c3231);
}
svg rect { fill: #0f766e; }
svg path { fill: none; stroke: #fff; stroke-width: 2.4; stroke-linecap: round; stroke-linejoin: round; }
h1 { font-size: 1.5rem; line-height: 1.3; margin: 16px 0 12px; }
p { margin: 0 0 12px; }
button {
  font: inherit; font-weight: 600; color: #fff; background: #0f766e; border: 0; border-radius: 8px; padding: 10px 20px;
  cursor: pointer;
}
button:hover { background: #0d5f59; }
button:disabled { opacity: 0.6; }
button:focus-visible { outline: 2px solid #0f766e; outline-offset: 2px; }
#problem { margin-top: 12px; color: light-dark(#9f1c1c, #ffb4ab); }
`;

/** The one button of the sign-in page. */
export const LOGIN_SCRIPT = `const token = new URLSearchParams(location.search).get('token');
const button = document.getElementById('sign-in');
button.addEventListener('click', async () => {
  button.disabled = true;
  const answer = await fetch('/session/login-link', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Requested-With': 'gatehouse' },
    body: JSON.stringify({ token }),
  });
  if (answer.ok) location.replace(button.dataset.path);
  else document.getElementById('problem').hidden = false;
});
`;
