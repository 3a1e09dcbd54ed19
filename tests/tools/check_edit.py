"""Reads timelines and captions with the packages of others, and writes timelines again.

rewrite IN OUT RATE      OpenTimelineIO reads IN and writes OUT; prints its clips and transitions
recut IN OUT              OpenTimelineIO reads IN and writes another cut of it: the third clip first, the first one without
                         its first 5 frames, a dissolve of 6 frames, and the second one 4 frames longer
events IN                pycmx reads a list of events; prints its edits
subtitles IN             pysubs2 reads captions; prints them
webvtt IN                webvtt-py reads captions; prints them
"""

import json
import sys


def frames(time, rate):
    return round(time.rescaled_to(rate).value)


def rewrite(source, target, rate):
    import opentimelineio as otio

    rate = float(rate)
    options = {"rate": rate} if source.endswith(".edl") else {}
    timeline = otio.adapters.read_from_file(source, **options)
    clips, transitions = [], []
    track = timeline.video_tracks()[0]
    for child in track:
        if isinstance(child, otio.schema.Transition):
            transitions.append([child.transition_type, frames(child.in_offset, rate), frames(child.out_offset, rate)])
        elif isinstance(child, otio.schema.Clip):
            span = child.trimmed_range()
            media = child.media_reference
            url = getattr(media, "target_url", None)
            start = frames(child.range_in_parent().start_time, rate)
            clips.append([child.name, start, frames(span.duration, rate), frames(span.start_time, rate), url])
    options = {"rate": rate} if target.endswith(".edl") else {}
    otio.adapters.write_to_file(timeline, target, **options)
    length = frames(track.duration(), rate)
    print(json.dumps({"clips": clips, "transitions": transitions, "length": length}))


def recut(source, target):
    import opentimelineio as otio

    timeline = otio.adapters.read_from_file(source)
    track = timeline.video_tracks()[0]
    rate = timeline.global_start_time.rate
    one, two, three = [child.clone() for child in track if isinstance(child, otio.schema.Clip)][:3]

    def trim(clip, head, tail):
        start, length = clip.source_range.start_time.value, clip.source_range.duration.value
        clip.source_range = otio.opentime.TimeRange(
            otio.opentime.RationalTime(start + head, rate), otio.opentime.RationalTime(length - head + tail, rate)
        )
        return clip

    half = otio.opentime.RationalTime(3, rate)
    kind = otio.schema.TransitionTypes.SMPTE_Dissolve
    dissolve = otio.schema.Transition(name="x", transition_type=kind, in_offset=half, out_offset=half)
    track[:] = [three, trim(one, 5, 0), dissolve, trim(two, 0, 4)]
    otio.adapters.write_to_file(timeline, target)
    print("{}")


def events(source):
    import pycmx

    with open(source, encoding="utf-8") as file:
        edl = pycmx.parse_cmx3600(file)
    edits = []
    for event in edl.events:
        for edit in event.edits:
            kind = edit.transition.kind if edit.transition else None
            edits.append([event.number, edit.source, kind, str(edit.record_in), str(edit.record_out), edit.clip_name])
    print(json.dumps({"title": edl.title, "edits": edits}))


def subtitles(source):
    import pysubs2

    found = pysubs2.load(source, encoding="utf-8")
    print(json.dumps([[each.start, each.end, each.plaintext] for each in found]))


def captions(source):
    import webvtt

    found = webvtt.read(source)
    print(json.dumps([[each.start, each.end, each.text] for each in found]))


COMMANDS = {"rewrite": rewrite, "recut": recut, "events": events, "subtitles": subtitles, "webvtt": captions}

if __name__ == "__main__":
    COMMANDS[sys.argv[1]](*sys.argv[2:])
