import { expect, it } from 'vitest';
import { loadConfig } from './config.js';

const ENOUGH = { S3_BUCKET: 'files', S3_ACCESS_KEY_ID: 'id', S3_SECRET_ACCESS_KEY: 'secret' };

it('there is no object storage without a bucket', () => {
  expect(loadConfig({}).objectStorage).toBeUndefined();
});

it('the endpoint is that of AWS, with the bucket in the host, unless it is set', () => {
  expect(loadConfig({ ...ENOUGH, S3_REGION: 'eu-central-1' }).objectStorage).toMatchObject({
    endpoint: 'https://s3.eu-central-1.amazonaws.com',
    prefix: 'gatehouse/',
    isPathStyle: false,
  });
  expect(loadConfig({ ...ENOUGH, S3_ENDPOINT: 'http://10.0.0.1:9000/' }).objectStorage).toMatchObject({
    endpoint: 'http://10.0.0.1:9000',
    isPathStyle: true,
  });
});

it.each([
  [{ S3_ENDPOINT: 'http://10.0.0.1:9000' }, 'S3_BUCKET is required with S3_ENDPOINT'],
  [{ FILES_STORE: 's3' }, 'S3_BUCKET is required with FILES_STORE=s3'],
  [{ S3_BUCKET: 'files' }, 'S3_ACCESS_KEY_ID is required with S3_BUCKET'],
  [{ ...ENOUGH, S3_SECRET_ACCESS_KEY: '' }, 'S3_SECRET_ACCESS_KEY is required with S3_BUCKET'],
  [{ ...ENOUGH, S3_BUCKET: 'Files/a' }, 'S3_BUCKET must be like'],
  [{ ...ENOUGH, S3_ENDPOINT: 's3.example.com' }, 'S3_ENDPOINT must be a URL (http, https)'],
  [{ ...ENOUGH, S3_PREFIX: '/gatehouse' }, 'S3_PREFIX must be like'],
  [{ ...ENOUGH, S3_PREFIX: '../' }, 'S3_PREFIX must be like'],
])('refuses %j', (environment, message) => {
  expect(() => loadConfig(environment)).toThrow(message);
});
