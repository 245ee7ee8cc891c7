import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ObjectStorageConfig } from '../../src/core/config/object-storage-settings.js';
import { RequestSigner } from '../../src/core/object-storage/request-signer.js';
import { Child } from './child-process.js';
import { freePort } from './free-port.js';
import { until } from './until.js';

/** Debian's, which has Swift's modules. */
const PYTHON = '/usr/bin/python3';
const SCRIPT = 'test/support/run-swift.py';
const BACKENDS = ['account', 'container', 'object'] as const;
const BUCKET = 'gatehouse-files';

/** OpenStack Swift with its S3 API and one bucket, on the disk. A test can kill, restart and pause its front. */
export class OwnSwift {
  private constructor(
    private readonly folder: string,
    private readonly port: number,
    private front: Child,
    private readonly backends: readonly Child[],
  ) {}

  static async start(): Promise<OwnSwift> {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-swift-'));
    await mkdir(join(folder, 'devices/disk'), { recursive: true });
    const port = await freePort();
    const cachePort = await freePort();
    const ports = [await freePort(), await freePort(), await freePort()];
    await writeFile(join(folder, 'swift.conf'), '[swift-hash]\nswift_hash_path_suffix = test\n');
    await writeFile(join(folder, 'proxy-server.conf'), frontConfig(folder, port, cachePort));
    for (const [index, name] of BACKENDS.entries()) {
      await writeFile(join(folder, `${name}-server.conf`), backendConfig(name, folder, ports[index]!));
    }
    const made = spawnSync(PYTHON, [SCRIPT, 'rings', folder, ...ports.map(String)], { encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`Swift's rings could not be made: ${made.stderr}`);
    const cache = new Child('memcached', ['-l', '127.0.0.1', '-p', String(cachePort), '-u', 'root', '-m', '16'], {});
    const backends = [cache, ...BACKENDS.map((name) => launch(folder, `${name}-server`))];
    const swift = new OwnSwift(folder, port, launch(folder, 'proxy-server'), backends);
    await swift.ready();
    await swift.makeBucket();
    return swift;
  }

  get config(): ObjectStorageConfig {
    return {
      endpoint: `http://127.0.0.1:${this.port}`,
      region: 'us-east-1',
      bucket: BUCKET,
      prefix: 'gatehouse/',
      accessKeyId: 'test:tester',
      secretAccessKey: 'testing',
      isPathStyle: true,
      timeoutMs: 60_000,
    };
  }

  /** The settings of a server that stores its files here. */
  get environment(): Record<string, string> {
    const { endpoint, bucket, accessKeyId, secretAccessKey } = this.config;
    return {
      S3_ENDPOINT: endpoint,
      S3_BUCKET: bucket,
      S3_ACCESS_KEY_ID: accessKeyId,
      S3_SECRET_ACCESS_KEY: secretAccessKey,
    };
  }

  /** Ends the front, in the middle of its requests. */
  async kill(): Promise<void> {
    await this.front.end('SIGKILL');
  }

  /** Starts the front on the same port. All objects are still there. */
  async startAgain(): Promise<void> {
    this.front = launch(this.folder, 'proxy-server');
    await this.ready();
  }

  /** Keeps connections without answers. */
  pause(): void {
    this.front.signal('SIGSTOP');
  }

  resume(): void {
    this.front.signal('SIGCONT');
  }

  async remove(): Promise<void> {
    await Promise.all([this.front, ...this.backends].map((child) => child.end('SIGKILL')));
    await rm(this.folder, { recursive: true, force: true });
  }

  private async ready(): Promise<void> {
    await until('Swift answers', async () => {
      const stopped = [this.front, ...this.backends].find((child) => !child.isRunning);
      if (stopped) throw new Error(`Swift ended: ${stopped.output}`);
      return await fetch(`${this.config.endpoint}/healthcheck`).then(
        ({ ok }) => ok,
        () => false,
      );
    });
  }

  private async makeBucket(): Promise<void> {
    const url = new URL(`${this.config.endpoint}/${BUCKET}`);
    const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    // The back ends listen a little later than they start.
    await until('the bucket exists', async () => {
      const headers = await new RequestSigner(this.config).sign({ method: 'PUT', url, query: {} }, empty);
      const answer = await fetch(url, { method: 'PUT', headers });
      // 503: not all parts of Swift listen yet.
      if (!answer.ok && answer.status !== 503) throw new Error(`No bucket: ${await answer.text()}`);
      return answer.ok;
    });
  }
}

function launch(folder: string, server: string): Child {
  return new Child(PYTHON, [SCRIPT, 'serve', folder, server], {});
}

function common(folder: string, port: number): string {
  return `[DEFAULT]
bind_ip = 127.0.0.1
bind_port = ${port}
user = root
swift_dir = ${folder}
devices = ${join(folder, 'devices')}
mount_check = false
# One process, so that a signal meets all of it.
workers = 0
log_udp_host = 127.0.0.1
log_udp_port = 9
`;
}

function backendConfig(name: string, folder: string, port: number): string {
  return `${common(folder, port)}
[pipeline:main]
pipeline = ${name}-server
[app:${name}-server]
use = egg:swift#${name}
`;
}

function frontConfig(folder: string, port: number, cachePort: number): string {
  return `${common(folder, port)}
[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck listing_formats bulk cache s3api tempauth copy slo dlo versioned_writes proxy-server
[app:proxy-server]
use = egg:swift#proxy
# A back end that starts late must not count as broken for a minute.
error_suppression_limit = 1000000
account_autocreate = true
allow_account_management = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:healthcheck]
use = egg:swift#healthcheck
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:${cachePort}
[filter:bulk]
use = egg:swift#bulk
[filter:s3api]
use = egg:swift#s3api
s3_acl = false
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
[filter:versioned_writes]
use = egg:swift#versioned_writes
allow_versioned_writes = true
`;
}
