import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../../access/principal/principal.js';
import { Database } from '../../core/database/database.js';
import { inTransaction } from '../../core/database/transaction.js';
import type { DomainEvent, DomainEventName } from './domain-event.js';

/** Takes part in the transaction of the change: it commits with it, and its failure undoes both. */
export type Listener<Name extends DomainEventName> = (
  manager: EntityManager,
  event: DomainEvent<Name>,
) => Promise<void>;

/** How features hear of each other's changes without knowing each other. What takes time is enqueued as a job. */
@Injectable()
export class DomainEventBus {
  readonly #listeners = new Map<DomainEventName, Listener<DomainEventName>[]>();
  /** Events that are for every org. */
  readonly #always = new Set<DomainEventName>();

  constructor(private readonly database: Database) {}

  /** Before the server starts. */
  listen<Name extends DomainEventName>(name: Name, listener: Listener<Name>): void {
    this.#add(name, listener);
    this.#always.add(name);
  }

  /** For some orgs, whose principals know it (`Principal.mayAwait`); of the others it may hear or not. */
  listenWhereAwaited<Name extends DomainEventName>(name: Name, listener: Listener<Name>): void {
    this.#add(name, listener);
  }

  /** @param manager of the change's transaction */
  async emit(manager: EntityManager, event: DomainEvent): Promise<void> {
    for (const listener of this.#listeners.get(event.name) ?? []) await listener(manager, event);
  }

  /** A change of one statement with its event: in a transaction only where somebody listens. */
  async emitWith<T>(
    principal: Principal,
    event: DomainEvent,
    change: (manager?: EntityManager) => Promise<T>,
  ): Promise<T> {
    if (!this.#always.has(event.name) && !principal.mayAwait(event.name)) return change();
    return inTransaction(this.database.dataSource, async (manager) => {
      const result = await change(manager);
      await this.emit(manager, event);
      return result;
    });
  }

  #add<Name extends DomainEventName>(name: Name, listener: Listener<Name>): void {
    const others = this.#listeners.get(name) ?? [];
    this.#listeners.set(name, [...others, listener as Listener<DomainEventName>]);
  }
}
