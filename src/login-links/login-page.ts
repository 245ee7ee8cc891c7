import { page } from '../dashboard/pages.js';

export const CONFIRM_PAGE = page(
  'Sign in',
  `<p>This link signs you in once. If somebody else is signed in on this browser, they will be signed out.</p>
<button id="sign-in" type="button">Sign in</button>
<p id="problem" role="alert" hidden>This link has been used or has expired. Ask for a new one where you got it.</p>
<script src="/dashboard/login.js" defer></script>`,
);

export const SPENT_PAGE = page(
  'This login link no longer works',
  `<p>Each link works once, for 15 minutes. Go back to where you got it and open your dashboard from there again: that
makes a new one.</p>`,
);
