import { Module } from '@nestjs/common';
import { Agents } from './agents.service.js';

@Module({ providers: [Agents], exports: [Agents] })
export class AgentsModule {}
