package dev.dragoman.multimodal.speech;

/**
 * What a sound or video file says about its first sound track.
 *
 * @param container ffmpeg's name of the container, such as {@code mov,mp4,m4a,3gp,3g2,mj2}
 * @param codec ffmpeg's name of the codec, such as {@code aac}
 * @param sampleRate samples a second
 * @param channels 1 for mono, 2 for stereo; 0 where the layout has a name of its own, such as 5.1
 * @param declaredSeconds its length by its own header, NaN where the header does not say
 */
public record SoundInfo(
    String container, String codec, int sampleRate, int channels, double declaredSeconds) {}
