import { Module } from '@nestjs/common';
import { NumberAssignments } from './number-assignments.service.js';

@Module({ providers: [NumberAssignments], exports: [NumberAssignments] })
export class WhatsAppNumbersModule {}
