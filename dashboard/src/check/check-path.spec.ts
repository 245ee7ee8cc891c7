import { expect, it } from 'vitest';
import { pathOfRoute } from './check-path';

it.each([
  ['/tags', '/tags'],
  ['/contacts/{id}', '/contacts/id'],
  ['/bookings/{booking_id}/payments', '/bookings/booking_id/payments'],
  ['/calendar/**', '/calendar/any'],
  ['/files/*/raw', '/files/any/raw'],
])('a path of the route %s is %s', (route, path) => {
  expect(pathOfRoute(route)).toBe(path);
});
