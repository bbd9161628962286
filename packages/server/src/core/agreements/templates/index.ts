/** The templates that come with the hub, and how one is filled. */
import { clinicalValidation } from './clinical-validation.ts'
import { commercialLicence } from './commercial-licence.ts'
import { consortium } from './consortium.ts'
import { dataDerived } from './data-derived.ts'
import { evaluation } from './evaluation.ts'
import { inferenceService } from './inference-service.ts'
import { internalUse } from './internal-use.ts'
import { mutualNda } from './mutual-nda.ts'
import { openRelease } from './open-release.ts'
import { research } from './research.ts'
import type { Template } from './template.ts'

export { fill, type Template, type TemplateValues } from './template.ts'

/** In the order in which they are offered. */
export const templates: readonly Template[] = [
  mutualNda,
  evaluation,
  research,
  clinicalValidation,
  inferenceService,
  commercialLicence,
  openRelease,
  consortium,
  dataDerived,
  internalUse,
]

export const templateById = (id: string): Template | undefined =>
  templates.find((one) => one.id === id)
