import { IsEmailAddress } from '../../../core/validation/field-types.js';
import { defineConnector, fieldOf } from '../connector.js';
import { IsSecret, IsSubdomain } from './credential-fields.js';

class ZendeskCredentials {
  /** `acme` of acme.zendesk.com. */
  @IsSubdomain()
  subdomain: string;

  /** The e-mail address of the token's user. */
  @IsEmailAddress()
  email: string;

  @IsSecret()
  api_token: string;
}

/** Support API v2 with an API token, which is the password of `email/token`. */
export const zendesk = defineConnector({
  key: 'zendesk',
  credentials: ZendeskCredentials,
  baseUrl: 'https://{subdomain}.zendesk.com/api/v2',
  check: ({ email, api_token }) => ({
    path: '/users/me.json',
    headers: { Authorization: `Basic ${Buffer.from(`${email}/token:${api_token}`).toString('base64')}` },
  }),
  // 404: the help desk doesn't exist.
  rejectedBy: [401, 403, 404],
  // Invalid credentials get an anonymous user with a null id.
  checkAnswer: (answer) => {
    const id = fieldOf(fieldOf(answer, 'user'), 'id');
    return typeof id === 'number' ? 'accepted' : id === null ? 'rejected' : 'failed';
  },
});
