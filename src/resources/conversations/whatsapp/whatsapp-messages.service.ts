import { Injectable } from '@nestjs/common';
import { messagesKit } from './whatsapp-messages.definition.js';

@Injectable()
export class WhatsAppMessages extends messagesKit.Service {}
