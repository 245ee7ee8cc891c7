import { Type } from 'class-transformer';
import { IsInt, ValidateNested } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { Optional } from './decorators.js';
import { validated } from './request.pipe.js';

class Leaf {
  @IsInt()
  size: number;
}

class Branch {
  @Optional()
  @ValidateNested()
  @Type(() => Leaf)
  leaf?: Leaf;

  @Optional()
  @ValidateNested({ each: true })
  @Type(() => Leaf)
  leaves?: Leaf[];
}

class Tree extends Branch {
  @Optional()
  @ValidateNested({ each: true })
  @Type(() => Branch)
  branches?: Branch[];
}

async function messageFor(value: unknown): Promise<string> {
  try {
    validated(value, Tree);
    return 'accepted';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('objects and lists of objects', () => {
  it.each<[unknown]>([
    [{}],
    [{ leaf: { size: 1 } }],
    [{ leaves: [] }],
    [{ leaves: [{ size: 1 }, { size: 2 }] }],
    [{ branches: [{ leaf: { size: 1 }, leaves: [{ size: 2 }] }, {}] }],
  ])('takes %j', async (value) => {
    expect(await messageFor(value)).toBe('accepted');
  });

  it.each<[unknown, string]>([
    [{ leaf: [] }, 'leaf must be an object'],
    [{ leaf: [{ size: 1 }] }, 'leaf must be an object'],
    [{ leaf: [[]] }, 'leaf must be an object'],
    [{ leaves: [[]] }, 'each value in leaves must be an object'],
    [{ leaves: [{ size: 1 }, [{ size: 2 }]] }, 'each value in leaves must be an object'],
    [{ branches: [{}, { leaf: [] }] }, 'branches.1.leaf must be an object'],
    [{ branches: [{ leaves: [[[]]] }] }, 'each value in branches.0.leaves must be an object'],
    [{ leaf: [], leaves: [{ size: 'x' }] }, 'leaves.0.size must be an integer number; leaf must be an object'],
    [{ leaf: { constructor: 1 } }, 'leaf.size is required'],
    [{ leaves: [{ size: 1 }, 2] }, 'leaves.1 must be an object'],
    [{ leaf: null, leaves: 'x' }, 'leaf must be an object; leaves must be a list of objects'],
  ])('refuses %j: %s', async (value, message) => {
    expect(await messageFor(value)).toBe(message);
  });
});
