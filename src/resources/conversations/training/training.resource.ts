import { defineResource } from '../../../kit/crud/define-resource.js';
import { TrainingController } from './training.controller.js';
import { kit } from './trainings.definition.js';
import { Trainings } from './trainings.service.js';

export const training = defineResource({ ...kit.definition, service: Trainings, controller: TrainingController });
