import { defineExamples } from '../../../core/wire/examples.js';

/** Not a UUID: media ids are 32 hex characters. */
const MEDIA_ID = '7f3c0b9e51d84a26b0c7e94d1a6f2e38';

export const mediaExamples = defineExamples({
  schemas: { UploadedMedia: { id: MEDIA_ID, url: `https://gatehouse.example/media/${MEDIA_ID}` } },
  paths: { '/media/{id}': MEDIA_ID },
  operations: { 'mediaUpload.add': { form: { file: 'harbour-at-night.png' } } },
});
