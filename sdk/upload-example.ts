import { openAsBlob } from 'node:fs';
import { Gatehouse } from 'gatehouse-sdk';

const url = process.env['GATEHOUSE_URL']!;
const api = new Gatehouse({ url, key: process.env['GATEHOUSE_KEY']! });

// The request is a form if a field is a Blob or a File.
const picture = await api.post('/media/upload', { body: { file: await openAsBlob('logo.png') } });

// A FormData works too, such as that of a form on a page: new FormData(document.forms[0]).
const { id } = await api.post('/knowledge-bases', { body: { name: 'Handbook' } });
const form = new FormData();
form.append('title', 'Refunds');
form.append('file', new File(['Within five days.'], 'refunds.txt', { type: 'text/plain' }));
const document = await api.post('/knowledge-bases/{id}/documents', { params: { path: { id } }, body: form });
console.log(`${picture.url} and ${document.title} are uploaded`);
