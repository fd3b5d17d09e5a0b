/**
 * Sound into words: a {@link dev.dragoman.multimodal.speech.SoundDecoder} makes 16 kHz samples of
 * any container and codec with a short-lived ffmpeg process, {@link
 * dev.dragoman.multimodal.speech.VoiceActivity} finds where somebody speaks, and a {@link
 * dev.dragoman.multimodal.speech.Transcriber} hears the words there.
 */
@NullMarked
package dev.dragoman.multimodal.speech;

import org.jspecify.annotations.NullMarked;
