/** Tasks as model cards name them. Source: `PIPELINE_TYPES` of `@huggingface/tasks` 0.21. */
const known: ReadonlySet<string> = new Set(
  `text-classification token-classification table-question-answering question-answering zero-shot-classification translation
  summarization feature-extraction text-generation fill-mask sentence-similarity text-to-speech text-to-audio
  automatic-speech-recognition audio-to-audio audio-classification audio-text-to-text voice-activity-detection depth-estimation
  image-classification object-detection image-segmentation text-to-image image-to-text image-to-image image-to-video
  unconditional-image-generation video-classification reinforcement-learning robotics tabular-classification tabular-regression
  tabular-to-text table-to-text multiple-choice text-ranking text-retrieval time-series-forecasting text-to-video
  image-text-to-text image-text-to-image image-text-to-video visual-question-answering document-question-answering
  zero-shot-image-classification graph-ml mask-generation zero-shot-object-detection text-to-3d image-to-3d
  image-feature-extraction video-text-to-text keypoint-detection visual-document-retrieval any-to-any video-to-video other
  text2text-generation conversational`.split(/\s+/),
)

export const isPipelineTag = (text: string): boolean => known.has(text)

/** Endings of architecture names and their tasks, first match wins. Source: the auto classes of transformers. */
const byEnding: readonly (readonly [RegExp, string])[] = [
  [
    /^(Wav2Vec2|Hubert|WavLM|UniSpeech|SEW|Data2VecAudio).*ForSequenceClassification$/,
    'audio-classification',
  ],
  [/^LayoutLM.*ForQuestionAnswering$/, 'document-question-answering'],
  [/^Tapas.*ForQuestionAnswering$/, 'table-question-answering'],
  [/^(Vilt|Blip)ForQuestionAnswering$/, 'visual-question-answering'],
  [
    /^(OwlViT|Owlv2|GroundingDino|MMGroundingDino|OmDetTurbo)ForObjectDetection$/,
    'zero-shot-object-detection',
  ],
  [
    /^(CLIP|Siglip|SigLIP|Siglip2|Align|AltCLIP|ChineseCLIP|MetaClip2)Model$/,
    'zero-shot-image-classification',
  ],
  [/^(Sam|Sam2|SamHQ|EdgeTam)Model$/, 'mask-generation'],
  [/^(XLM|Flaubert)WithLMHeadModel$/, 'fill-mask'],
  [/^(Whisper|Speech2Text|Moonshine).*ForConditionalGeneration$/, 'automatic-speech-recognition'],
  [/^Musicgen.*ForConditionalGeneration$/, 'text-to-audio'],
  [/^(Marian|M2M100|MBart).*(ForConditionalGeneration|MTModel)$/, 'translation'],
  [/(ForCausalLM|LMHeadModel|ForConditionalGeneration)$/, 'text-generation'],
  [/For(MaskedLM|PreTraining)$/, 'fill-mask'],
  [/ForSequenceClassification$/, 'text-classification'],
  [/ForTokenClassification$/, 'token-classification'],
  [/ForQuestionAnswering$/, 'question-answering'],
  [/ForMultipleChoice$/, 'multiple-choice'],
  [/ForImageClassification(WithTeacher)?$/, 'image-classification'],
  [/ForVideoClassification$/, 'video-classification'],
  [/ForAudioClassification$/, 'audio-classification'],
  [/ForZeroShotImageClassification$/, 'zero-shot-image-classification'],
  [/ForZeroShotObjectDetection$/, 'zero-shot-object-detection'],
  [/ForObjectDetection$/, 'object-detection'],
  [/For(Semantic|Instance|Universal|Image|Panoptic)?Segmentation$/, 'image-segmentation'],
  [/ForDepthEstimation$/, 'depth-estimation'],
  [/For(CTC|SpeechSeq2Seq|SpeechToText|RNNT|TDT)$/, 'automatic-speech-recognition'],
  [/(ForTextToSpeech|^VitsModel|^BarkModel)$/, 'text-to-speech'],
  [/ForKeypointDetection$/, 'keypoint-detection'],
  [/ForImageTextToText$/, 'image-text-to-text'],
  [/Model$/, 'feature-extraction'],
]

/** The task an architecture name implies, or undefined. */
export const taskOfArchitecture = (
  architecture: string,
  hasVision: boolean,
): string | undefined => {
  const task = byEnding.find(([pattern]) => pattern.test(architecture))?.[1]
  return task === 'text-generation' && hasVision ? 'image-text-to-text' : task
}
