"""Transcribes the same speech with Dragoman and with CTranslate2 (faster-whisper), in turn.

    pip install faster-whisper jiwer
    python tests/parity/speech_bench.py MODEL TEXTS CLASSPATH [MINUTES [THREADS [BEAMS [ROUNDS]]]]

MODEL is the CTranslate2 folder of whisper-tiny.en, TEXTS a CSV with a column text of English
sentences, CLASSPATH that of the tests module (mvn dependency:build-classpath). The sentences are
spoken by espeak-ng in six voices. Prints the seconds, the seconds of processor and the word error
rate of both.
"""

import csv
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time
import wave

import jiwer
import numpy
from faster_whisper import WhisperModel

VOICES = ["en-us", "en-gb", "en-gb-x-rp", "en-us+m3", "en-us+f3", "en-gb+f2"]
RATE = 16000


def speech(texts, minutes, folder):
    """Sentences with pauses and a little noise: the samples and what is said."""
    random.seed(5)
    rows = [row["text"].strip() for row in csv.DictReader(open(texts, encoding="utf-8"))]
    rows = [row for row in rows if re.fullmatch(r"[A-Za-z ,.?'!]{30,140}", row)]
    random.shuffle(rows)
    pieces, said, seconds = [], [], 0
    for i, text in enumerate(rows):
        if seconds >= 60 * minutes:
            break
        spoken = folder / "spoken.wav"
        speed = str(random.choice([140, 150, 160, 170]))
        subprocess.run(
            ["espeak-ng", "-v", VOICES[i % len(VOICES)], "-s", speed, "-w", spoken, text], check=True
        )
        with wave.open(str(spoken)) as file:
            rate = file.getframerate()
            samples = numpy.frombuffer(file.readframes(file.getnframes()), dtype=numpy.int16)
        length = len(samples) * RATE // rate
        spectrum = numpy.fft.rfft(samples)[: length // 2 + 1]
        resampled = numpy.fft.irfft(spectrum, length) * (length / len(samples))
        pause = numpy.zeros(int(RATE * random.uniform(0.3, 1.0)))
        pieces += [resampled, pause]
        said.append(text)
        seconds += (len(resampled) + len(pause)) / RATE
    all_samples = numpy.concatenate(pieces) * 0.6
    all_samples += numpy.random.RandomState(1).randn(len(all_samples)) * 20
    return numpy.clip(all_samples, -32768, 32767).astype("<i2"), " ".join(said)


def plain(text):
    return " ".join(re.sub(r"[^a-z0-9' ]", " ", text.lower()).split())


def main():
    model, texts, classpath = sys.argv[1:4]
    minutes, threads, beams, rounds = (
        [int(arg) for arg in sys.argv[4:]] + [10, 2, 1, 2][len(sys.argv) - 4:]
    )
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        samples, said = speech(texts, minutes, folder)
        samples.tofile(folder / "speech.pcm")
        peer = WhisperModel(model, device="cpu", compute_type="float32", cpu_threads=threads)
        floats = samples.astype(numpy.float32) / 32768
        for _ in range(rounds):
            subprocess.run(
                ["java", "-Xmx1g", "--add-modules", "jdk.incubator.vector", "-cp", classpath,
                 "dev.dragoman.tests.bench.SpeechBenchmark", model, folder / "speech.pcm",
                 folder / "ours.txt", str(threads), str(beams)],
                check=True,
            )
            ours = (folder / "ours.txt").read_text()
            start, cpu = time.time(), time.process_time()
            segments, _ = peer.transcribe(floats, beam_size=beams, language="en")
            theirs = "".join(segment.text for segment in segments)
            took, cpu = time.time() - start, time.process_time() - cpu
            print(f"CTranslate2: {took:.2f} seconds, {cpu:.2f} seconds of processor", flush=True)
    for who, text in (("Dragoman", ours), ("CTranslate2", theirs)):
        errors = jiwer.wer(plain(said), plain(text))
        print(f"{who}: {100 * errors:.2f} % of words wrong")


if __name__ == "__main__":
    main()
