import { defineConnector, fieldOf } from '../connector.js';
import { IsSecret } from './credential-fields.js';

class FareHarborCredentials {
  /** The application's key. */
  @IsSecret()
  app_key: string;

  /** The user's key at an affiliate. */
  @IsSecret()
  user_key: string;
}

/** External API v1, which answers a wrong key with 403 (its `external-api/authentication.md` and `error-codes.md`). */
export const fareharbor = defineConnector({
  key: 'fareharbor',
  credentials: FareHarborCredentials,
  baseUrl: 'https://fareharbor.com/api/external/v1',
  check: ({ app_key, user_key }) => ({
    path: '/companies/',
    headers: { 'X-FareHarbor-API-App': app_key, 'X-FareHarbor-API-User': user_key },
  }),
  rejectedBy: [401, 403],
  checkAnswer: (answer) => (Array.isArray(fieldOf(answer, 'companies')) ? 'accepted' : 'failed'),
});
