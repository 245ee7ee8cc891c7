import { IsBoolean } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { Column, Entity } from 'typeorm';
import { OrgRow } from '../../core/database/base.entity.js';
import { AppError } from '../../core/errors/app-error.js';
import { Text } from '../../core/validation/decorators.js';
import { validated } from '../../core/validation/request.pipe.js';
import type { ResourceDefinition } from './definition.js';
import { createDtoOf, updateDtoOf } from './dto.js';

@Entity('gadgets')
class Gadget extends OrgRow {
  @Column('text')
  @Text(1, 5)
  name: string;

  @Column('text', { nullable: true })
  @Text(0, 5)
  note: string | null;

  @Column('boolean', { default: false })
  @IsBoolean()
  is_loud: boolean;

  /** Set by the server, since it has no validation rules. */
  @Column('text')
  serial: string;
}

const definition: ResourceDefinition = {
  path: 'test-gadgets',
  scope: 'tags',
  entity: Gadget,
  label: 'Gadget',
};
const CreateDto = createDtoOf(definition);
const UpdateDto = updateDtoOf(definition);

function validate(dto: new () => object, body: object): string {
  try {
    return JSON.stringify(validated(body, dto));
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
}

describe('DTOs of an entity', () => {
  it('are named after the row, not after the path', () => {
    expect([CreateDto.name, UpdateDto.name]).toEqual(['CreateGadgetDto', 'UpdateGadgetDto']);
  });

  it.each([
    [{ name: 'a' }, '{"name":"a"}'],
    [{ name: 'a', note: null, is_loud: true }, '{"name":"a","note":null,"is_loud":true}'],
    [{ note: 'x' }, 'name is required'],
    [{ name: null }, 'name must be a string'],
    [{ name: 'a', is_loud: null }, 'is_loud must be a boolean value'],
    [{ name: 'abcdef' }, 'name must be shorter than or equal to 5 characters'],
    [{ name: 'a', serial: 'x' }, 'serial is not a known field'],
    [{ name: 'a', id: 'x' }, 'id is not a known field'],
    [{ name: 'a', org_id: 'x' }, 'org_id is not a known field'],
    [{ name: 'a', created_at: '2026-01-01T00:00:00Z' }, 'created_at is not a known field'],
    [{ name: 'a', updated_at: null }, 'updated_at is not a known field'],
  ])('POST of %j answers %s', async (body, answer) => {
    expect(validate(CreateDto, body)).toBe(answer);
  });

  it.each([
    [{}, '{}'],
    [{ note: null }, '{"note":null}'],
    [{ name: null }, 'name must be a string'],
    [{ name: '' }, 'name must be longer than or equal to 1 characters'],
    [{ is_loud: null }, 'is_loud must be a boolean value'],
    [{ serial: 'x' }, 'serial is not a known field'],
  ])('PATCH of %j answers %s', async (body, answer) => {
    expect(validate(UpdateDto, body)).toBe(answer);
  });
});
