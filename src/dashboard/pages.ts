import type { SessionView } from '../sessions/session-view.dto.js';

export const PAGE_HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'Content-Security-Policy': "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
};

/** The dashboard's one page: who is signed in, in which org. */
export function homePage(session: SessionView | undefined): string {
  return session === undefined
    ? page('Signed out', '<p>Open your dashboard from where you manage your account: the link there signs you in.</p>')
    : page(
        session.org.name,
        `<p>Signed in as <strong>${escapeHtml(session.user.name)}</strong> (${escapeHtml(session.user.email)}), ` +
          `${session.role.name}.</p>`,
      );
}

/** @param body HTML, already escaped */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="/dashboard/page.css">
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}

export const STYLE = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 34rem; margin: 15vh auto; padding: 0 1.5rem; }
button { font: inherit; padding: 0.5rem 1.25rem; cursor: pointer; }
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
  if (answer.ok) location.replace('/dashboard/');
  else document.getElementById('problem').hidden = false;
});
`;
