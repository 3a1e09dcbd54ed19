#!/usr/bin/env python3
"""Write the GLB models of the library: products and sets for films about products.

Needs Python 3.11 and numpy (`pip install numpy`), and gltf_models.py, product_shapes.py and product_sets.py beside it.
Run from anywhere:

    python3 scripts/make_products.py [name ...]

Writes assets/library/*.glb (all of them, or only those named), and assets/library/models.json, which lists them.
The output does not depend on time or chance.

A product stands on y = 0 with the middle of its underside at the origin, faces +Z, and is in metres and true in size.
Its material `body` has the main colour, and `label` a picture of its own with UV 0..1 across the label.
"""
import json
import math
import os
import sys

import numpy as np

from gltf_models import (
    ball, box, CompactGlb, cyl, E, fbm, grid_mesh, lathe, MATS, Mesh, norm, normal_from, orient, Parts, PI, poster,
    rgb, rng, spline, TEX, torus, tube, v3, wood_h)
from product_shapes import (
    bake, circle, face, fillet, flat_uv, inset, plate, rbox, ring_plate, rings, rrect, shell, smooth_line, squircle,
    sweep, turned, upright)
import product_car
import product_sets
import product_shoe

# --------------------------------------------------------------- pictures


def canvas(w, h, bg, k=3):
    """Picture that is drawn k times as large; x and y are 0..1 across it."""
    y, x = np.meshgrid((np.arange(h * k) + .5) / (h * k), (np.arange(w * k) + .5) / (w * k), indexing='ij')
    return np.ones((h * k, w * k, 3)) * rgb(bg), x, y


def shrink(img, k=3, step=5):
    h, w, c = img.shape
    return poster(img.reshape(h // k, k, w // k, k, c).mean((1, 3)), step)


def emblem(img, x, y, cx, cy, r, aspect, colour):
    """The neutral mark: a ring with a leaf of two arcs.  aspect is width to height of the picture."""
    dx, dy = (x - cx) * aspect, y - cy
    d = np.hypot(dx, dy)
    ring = np.abs(d - r * .9) < r * .085
    leaf = (np.hypot(dx - .42 * r, dy) < .72 * r) & (np.hypot(dx + .42 * r, dy) < .72 * r)
    slit = np.abs(dx) < r * .035
    img[(ring | leaf) & ~(slit & leaf)] = rgb(colour)


def label_picture(w, h, bg, band, mark, style='band', aspect=None):
    def make():
        img, x, y = canvas(w, h, bg)
        a = aspect or w / h
        line = lambda lo, hi, c: img.__setitem__((y > lo) & (y < hi), rgb(c))
        if style == 'band':
            line(.66, .84, band)
            line(.86, .872, band)
            m = .035
            edge = (np.minimum(x, 1 - x) * a < m) | (np.minimum(y, 1 - y) < m)
            inner = (np.minimum(x, 1 - x) * a < m * .7) | (np.minimum(y, 1 - y) < m * .7)
            img[edge & ~inner] = rgb(band)
            emblem(img, x, y, .5, .36, .20, a, mark)
        elif style == 'wrap':
            img[(y > .30 + .10 * np.sin(x * 4 * PI)) & (y < .36 + .10 * np.sin(x * 4 * PI))] = rgb(mark)
            img[y > .38 + .10 * np.sin(x * 4 * PI)] = rgb(band)
            for cx in (0, .5, 1):
                emblem(img, x, y, cx, .62, .17, a, mark)
        else:
            emblem(img, x, y, .5, .45, .26, a, mark)
            line(.82, .86, band)
        return shrink(img)
    return make


def decal_picture(mark, w=128, h=64):
    """Mark on nothing, with alpha; twice as wide as high, as a name is."""
    def make():
        img, x, y = canvas(w, h, '#000000')
        emblem(img, x, y, .5, .5, .46, w / h, '#ffffff')
        a = shrink(img, step=17)[..., :1]
        return np.concatenate([np.ones((h, w, 3)) * rgb(mark), a], -1)
    return make


def glow_picture(w, h, stops, spots):
    """Soft wallpaper: a run of colours from top to bottom with round spots of light."""
    def make():
        y, x = np.meshgrid(np.linspace(0, 1, h), np.linspace(0, 1, w), indexing='ij')
        k = y * (len(stops) - 1)
        i = np.minimum(k.astype(int), len(stops) - 2)
        c = np.array([rgb(s) for s in stops])
        t = (k - i)[..., None]
        img = c[i] * (1 - t) + c[i + 1] * t
        for cx, cy, r, col in spots:
            g = np.exp(-(((x - cx) * w / h) ** 2 + (y - cy) ** 2) / r ** 2)[..., None]
            img = img * (1 - g) + rgb(col) * g
        return poster(img, 3)
    return make


def grain(n, fy, fx, seed, lo=150, hi=255, step=9, oct=4):
    """Grey picture of noise that a colour multiplies."""
    def make():
        f = fbm(n, n, fy, fx, seed, oct)
        f = (f - f.min()) / (f.max() - f.min())
        return np.repeat(poster(lo + (hi - lo) * f[..., None], step), 3, -1)
    return make


def weave(n, k):
    y, x = np.meshgrid(np.arange(n) * k / n, np.arange(n) * k / n, indexing='ij')
    over = (np.floor(x) + np.floor(y)) % 2
    a, b = np.abs(np.sin(x * PI)), np.abs(np.sin(y * PI))
    return np.where(over > 0, np.sqrt(a) * (.6 + .4 * b), np.sqrt(b) * (.6 + .4 * a))


TEX.update({
    'label_bottle': label_picture(160, 156, '#efe6d3', '#7b2d26', '#26211c'),
    'label_jar': label_picture(192, 52, '#f3ece6', '#b98f6c', '#8b6a4e', 'plain'),
    'label_can': label_picture(320, 176, '#e9efe9', '#0f6d6a', '#f2c14a', 'wrap', 2.59),
    'label_box': label_picture(128, 128, '#f4efe4', '#c59a4e', '#1f2a36'),
    'decal_dark': decal_picture('#16181b'),
    'decal_light': decal_picture('#e8eaee'),
    'screen_phone': glow_picture(60, 128, ('#0b1440', '#31268a', '#c2417c', '#ffb066'), ((.2, .25, .28, '#2b6fe0'), (.9, .72, .30, '#ff7a4d'))),
    'screen_laptop': glow_picture(160, 100, ('#10233f', '#1c5470', '#5aa08e', '#f2cf9a'), ((.8, .25, .35, '#2a7fc0'), (.15, .85, .4, '#e98a5b'))),
    'brush_n': lambda: normal_from(fbm(64, 64, 64, 2, 11, 2), .8, 6),
    'fabric_n': lambda: normal_from(weave(64, 8), 2.6, 10),
    'fabric_b': lambda: np.repeat(poster(150 + 95 * weave(64, 8)[..., None] ** .7, 10), 3, -1),
    'walnut_b': lambda: poster(rgb('#5a3620') + (wood_h(128, 210)[..., None] - .45) * np.array([86, 60, 40.]), 8),
    'dial_n': lambda: normal_from(fbm(64, 64, 2, 40, 77, 2), .5, 6),
    'pebble_n': lambda: normal_from(fbm(32, 32, 12, 12, 13, 2, .7), 1.6, 16),
})

MATS.update({
    # shared
    'chrome': dict(c='#dfe1e4', m=1., r=.12),
    'steel': dict(c='#c4c6c9', m=1., r=.28),
    'dark_metal': dict(c='#3a3c40', m=1., r=.35),
    'black': dict(c='#0c0d0f', r=.35),
    'rubber': dict(c='#17181a', r=.75),
    'gloss_black': dict(c='#08090a', r=.06),
    'lens': dict(c='#0a1020', r=.03),
    'white': dict(c='#f1f0ec', r=.45),
})


def cyl_patch(r, a0, a1, y0, y1, n=24, rows=2):
    """Upright patch round the axis, seen from outside; angles in degrees from +Z, towards +X.  UV 0..1, v downwards."""
    a = np.radians(np.linspace(a0, a1, n + 1))
    y = np.linspace(y1, y0, rows)
    P = np.stack([np.sin(a)[:, None] * r + 0 * y, 0 * a[:, None] + y, np.cos(a)[:, None] * r + 0 * y], -1)
    m = grid_mesh(P, crease=60)
    if (m.fn() * m.v[m.t].mean(1))[:, [0, 2]].sum() < 0:
        m.t, m.uv = m.t[:, ::-1].copy(), m.uv[:, ::-1].copy()
    return m


def label_patch(r, a0, a1, y0, y1, t=.0003, n=24):
    return shell(bake(cyl_patch(r, a0, a1, y0, y1, n)), t, .3, 1.6)


def panel_face(w, h, r, z, y=0., x=0., seg=5):
    """Flat rounded panel that faces +Z, UV 0..1."""
    return upright(face(rrect(w, h, r, seg)), z, y, x)


# --------------------------------------------------------------- bottle, jar, can, box

def _tapered(m, r0, r1):
    """A patch of radius 1 laid round a cone from r0 at the bottom to r1 at the top."""
    lo, hi = m.v[:, 1].min(), m.v[:, 1].max()
    k = r0 + (r1 - r0) * (m.v[:, 1] - lo) / (hi - lo)
    r = np.hypot(m.v[:, 0], m.v[:, 2])
    out = k + np.where(r > 1.00005, .00015, -.0003)
    m.v[:, [0, 2]] *= (out / r)[:, None]
    return m


def bottle():
    MATS.update({
        'body': dict(c='#1f4a2c', a=.66, r=.04), 'inside': dict(c='#12250f', r=.2),
        'liquid': dict(c='#3c2206', r=.12), 'label': dict(tex='label_bottle', r=.75),
        'capsule': dict(c='#7b2d26', m=.55, r=.34), 'foil': dict(c='#caa45e', m=1., r=.25)})
    P = Parts()
    R = .0375
    out = [(0, .010), (.020, .006), (.026, .0022, .002), (.030, 0, .002), (R, .0002, .006), (R, .176, .040), (.0305, .212, .045),
           (.0150, .236, .030), (.0136, .280, .01), (.0136, .2895), (.0160, .2905, .0012), (.0160, .2965, .0012), (.0136, .2975), (.0130, .302), (.0105, .302)]
    P.add('body', turned(out, 44, 5, crease=50))
    liq = [(0, .0135), (.024, .011, .004), (R - .0035, .0055, .006), (R - .0035, .176, .038), (.0275, .210, .04), (.0128, .2345, .02), (.0118, .2435), (0, .2435)]
    P.add('liquid', turned(liq, 32, 4, crease=50))
    P.add('label', label_patch(R, -72, 72, .050, .142, .00025, 28))
    # capsule over the mouth, with a ring and a pull tab
    P.add('capsule', turned([(.0146, .246), (.0150, .2462, .0004), (.0150, .2880, .004), (.0174, .2905, .002), (.0174, .2985, .0015), (.0160, .3042, .0018), (0, .3046)], 40, 3, crease=45))
    P.add('foil', turned([(.0150, .2488), (.01535, .2492, .0002), (.01535, .2532, .0002), (.0150, .2536)], 48, 2),
          turned([(.01745, .2925), (.01765, .2928), (.01765, .2938), (.01745, .2941)], 48, 1),
          turned([(0, .30462), (.0085, .3046), (.0085, .3049, .0002), (0, .3049)], 32, 2))
    # vertical pleats that a capsule has
    for i in range(3):
        a = i * 2 * PI / 3 + .4
        P.add('capsule', tube([v3(math.sin(a) * .0150, .255, math.cos(a) * .0150), v3(math.sin(a) * .0150, .286, math.cos(a) * .0150)], .00022, 5))
    return P


def jar():
    MATS.update({
        'body': dict(c='#dba894', a=.74, r=.12), 'cup': dict(c='#f6ede6', r=.35), 'label': dict(tex='label_jar', r=.5),
        'lid': dict(c='#c99a72', m=1., r=.20), 'lid_line': dict(c='#8d6544', m=1., r=.3), 'seal': dict(c='#f7f3ee', r=.5)})
    P = Parts()
    P.add('cup', turned([(0, .0095), (.0225, .0095, .009), (.0262, .022, .01), (.0272, .0385), (.0262, .0385)], 44, 4, crease=60))
    P.add('body', turned([(0, .0012), (.0235, .0012, .001), (.0255, 0, .001), (.0338, 0, .0065), (.0345, .0385, .003), (.0280, .0400, .001), (.0272, .0400)], 52, 4, crease=55))
    P.add('seal', turned([(.0272, .0395), (.0296, .0398), (.0296, .0412), (.0272, .0412)], 56, 1))
    P.add('lid', turned([(.0300, .0410), (.0340, .0410, .0009), (.0350, .0585, .0042), (.0275, .0615, .004), (0, .0608)], 60, 5, crease=55))
    for y in (.0432, .0446):
        P.add('lid_line', turned([(.0341, y - .0003), (.03445, y - .0002), (.03445, y + .0002), (.0341, y + .0003)], 44, 1))
    P.add('lid_line', torus(.0205, .00035, 48, 5).xf(t=(0, .0612, 0)))
    # the mark on the lid, raised
    leaf = lambda s: np.array([(s * .0052 * math.sin(t), .009 * math.cos(t)) for t in np.linspace(0, PI, 14)])
    o = np.concatenate([leaf(-1), leaf(1)[::-1][1:-1]])
    P.add('lid', plate(o, .0011, .0005, 3, .0604))
    P.add('label', _tapered(label_patch(1., -62, 62, .0105, .0305, .0001, 26), .03405, .03435))
    return P


def can():
    MATS.update({
        'body': dict(c='#0f6d6a', m=.75, r=.26), 'label': dict(tex='label_can', m=.55, r=.24), 'aluminium': dict(c='#d3d6d9', m=1., r=.24),
        'tab': dict(c='#c3c7cb', m=1., r=.2), 'dew': dict(c='#a9bcc0', a=.24, r=.03)})
    P = Parts()
    R = .0331
    P.add('aluminium', turned([(0, .0105), (.016, .0085, .004), (.0225, .0022, .002), (.0238, 0, .0012), (.0252, .0018, .001), (.0275, .006)], 48, 2, crease=50))
    P.add('body', turned([(.0275, .0058), (R - .001, .0125, .004), (R, .0165), (R, .0170)], 52, 3, crease=60))
    P.add('label', cyl_patch(R, -180, 180, .0168, .0970, 52))
    P.add('body', turned([(R, .0968), (R, .0985, .003), (.0300, .1060, .004), (.0272, .1095)], 52, 3, crease=60))
    P.add('aluminium', turned([(.0272, .1094), (.0270, .1118, .0006), (.0283, .1128, .0005), (.0281, .1150, .0009), (.0262, .1150, .0009),
                               (.0254, .1090, .0008), (.0240, .1085, .0008), (.0232, .1108, .0006), (0, .1106)], 52, 2, crease=50))
    # opening with its score, tab with its finger hole and rivet
    sc = squircle(.021, .018, 2.3, 40) + v3(0, -.0095)[:2]
    P.add('tab', sweep(np.stack([sc[:, 0], np.full(40, .1108), -sc[:, 1]], 1), circle(.00035, 6), closed=True))
    o = fillet([(.0068, -.0075, .006), (.0072, .0085, .0068), (-.0072, .0085, .0068), (-.0068, -.0075, .006)], 7, True)
    i = squircle(.0082, .0062, 2.5, len(o)) + v3(0, .0042)[:2]
    i = np.roll(i, len(i) // 2 + 3, 0)
    start = np.argmin(((i - o[0]) ** 2).sum(1))
    i = np.roll(i, -start, 0)
    P.add('tab', ring_plate(o, i, .0011, .0004, 3, .1118).xf(t=(0, 0, -.003)))
    P.add('tab', cyl(.0026, .0011, 24, .1118, .0004).xf(t=(0, 0, .0015)), plate(squircle(.0085, .006, 2.6, 28), .0008, .0003, 2, .1119).xf(t=(0, 0, .0012)))
    # condensation
    g = rng(41)
    cap = [(1., 0), (.88, .30), (.52, .54), (0, .62)]
    seen = []
    for _ in range(900):
        r = .00055 + .0015 * g.random() ** 3
        a, y = g.uniform(0, 2 * PI), g.uniform(.018, .0965)
        p = v3(math.sin(a) * R, y, math.cos(a) * R)
        if all(np.linalg.norm(p - q) > r + s + .0006 for q, s in seen):
            seen.append((p, r))
        if len(seen) >= 80:
            break
    for p, r in seen:
        a = math.degrees(math.atan2(p[0], p[2]))
        drop = lathe([(x * r, y * r) for x, y in cap], 8, crease=90)
        P.add('dew', drop.xf(E(90), (0, 0, 0), (1, 1, 1)).xf(E(0, a), p, (1, 1.18, 1)))
    return P


def box_model():
    MATS.update({
        'body': dict(c='#22384a', nrm='pebble_n', ns=.25, r=.55), 'label': dict(tex='label_box', r=.6), 'gold': dict(c='#c9a15a', m=1., r=.25),
        'ribbon': dict(c='#c9a15a', r=.5), 'inner': dict(c='#e9e2d4', r=.8)})
    P = Parts()
    w, d, h, r = .200, .110, .240, .006
    o = rrect(w, d, r, 5)
    wall = lambda m: _box_uv(m, 18)
    P.add('body', wall(plate(o, .068, .0008, 2, 0, bottom=.0016)), wall(plate(o, h - .0705, .0042, 5, .0705, bottom=.0008)))
    P.add('inner', plate(inset(o, .0016), .010, .0004, 1, .064))
    P.add('label', shell(bake(panel_face(.112, .112, .004, d / 2, .158)), .0004, .4))
    # gold edge line round the lid and a pull ribbon at the side
    q = inset(o, -.0001)
    for y in (.078, .232):
        P.add('gold', sweep(np.stack([q[:, 0], np.full(len(q), y), -q[:, 1]], 1), rrect(.0005, .0011, .0002, 1), closed=True))
    path = smooth_line([v3(w / 2 - .001, .069, 0), v3(w / 2 + .004, .069, 0), v3(w / 2 + .012, .064, 0), v3(w / 2 + .016, .052, 0), v3(w / 2 + .012, .040, 0), v3(w / 2 + .013, .030, 0)], 14)
    P.add('ribbon', sweep(path, rrect(.014, .0006, .0002, 1), up=(1, .4, 0)))
    return P


def _box_uv(m, k):
    """Texture coordinates from the sides of a box."""
    fn = np.abs(norm(m.fn()))
    ax = np.argmax(fn, 1)
    uv = np.zeros((len(m.t), 3, 2))
    for a, (i, j) in enumerate(((2, 1), (0, 2), (0, 1))):
        s = ax == a
        uv[s] = m.v[m.t[s]][..., [i, j]] * k
    m.uv = uv
    return m


# --------------------------------------------------------------- phone, laptop

def phone():
    MATS.update({
        'body': dict(c='#2f4858', m=.35, r=.18), 'frame': dict(c='#8fa0ab', m=1., r=.22), 'antenna': dict(c='#5d6b75', r=.4),
        'screen': dict(c='#000000', r=.06, etex='screen_phone', e='#ffffff', es=1.5), 'label': dict(tex='decal_light', a=.99, r=.3, m=.6),
        'icon_a': dict(c='#101010', e='#ffffff', es=1.5, r=.2), 'icon_b': dict(c='#101010', e='#5ad1a4', es=1.3, r=.2),
        'icon_c': dict(c='#101010', e='#ffd166', es=1.3, r=.2), 'icon_d': dict(c='#101010', e='#6aa8ff', es=1.3, r=.2),
        'panel_ui': dict(c='#0c1030', e='#2a2f66', es=.8, r=.2), 'flash': dict(c='#fff4d8', e='#fff0d0', es=.4, r=.3)})
    P = Parts()
    W, H, D = .0716, .1476, .0079
    o = rrect(W, H, .0118, 8)
    up = lambda m, z=0.: upright(m, z, H / 2)
    P.add('frame', up(plate(o, D, .0013, 3, -D / 2)))
    P.add('gloss_black', up(plate(inset(o, .0011), .0006, .0004, 3, D / 2 - .0002)))
    P.add('screen', up(face(inset(o, .0028), D / 2 + .00045)))
    back = up(plate(inset(o, .0010), .0006, .0005, 3, D / 2 - .0001))
    P.add('body', back.xf(E(0, 180)))
    zf = D / 2 + .00055
    at = lambda w, h, r, x, y: panel_face(w, h, r, zf, H / 2 + y, x, 4)
    P.add('gloss_black', at(.0205, .0062, .0031, 0, .0625))
    # what the screen shows: a clock of bars, a card, a dock of symbols
    P.add('icon_a', up(ring_plate(circle(.0112, 40), circle(.0098, 40), .00004, 0, 1, zf)).xf(t=(0, .0375, 0)))
    for deg, long in ((-58, .0058), (40, .0078)):
        P.add('icon_a', up(plate(rrect(.0010, long, .0005, 2, (0, long / 2)), .00004, 0, 1, zf).xf(E(0, -deg))).xf(t=(0, .0375, 0)))
    P.add('panel_ui', at(.0580, .0250, .0050, 0, .0110))
    for i, hgt in enumerate((.006, .010, .008, .014, .0115, .0165)):
        P.add('icon_b' if i < 4 else 'icon_c', upright(face(rrect(.0042, hgt, .0012, 3)), zf + .00006, H / 2 + .0022 + hgt / 2, -.0205 + i * .0082))
    for r in range(2):
        for c in range(4):
            m = ('icon_d', 'icon_c', 'icon_b', 'icon_a')[(r * 3 + c) % 4]
            P.add(m, at(.0108, .0108, .0028, -.0225 + .015 * c, -.0145 - .0165 * r))
    P.add('panel_ui', at(.0620, .0165, .0058, 0, -.0580))
    for c in range(4):
        P.add(('icon_b', 'icon_a', 'icon_d', 'icon_c')[c], upright(face(rrect(.0108, .0108, .0028, 4)), zf + .00006, H / 2 - .0580, -.0225 + .015 * c))
    # camera bar across the back
    cy = H - .0225
    bk = lambda m: m.xf(E(0, 180))
    P.add('frame', bk(upright(plate(rrect(.0600, .0182, .0091, 9), .0021, .0008, 3), D / 2 + .0002, cy)))
    P.add('gloss_black', bk(upright(plate(rrect(.0576, .0158, .0079, 9), .0003, .0002, 1), D / 2 + .0022, cy)))
    for dx, r in ((-.0205, 1.), (-.0050, 1.), (.0095, .82)):
        L = lambda m: bk(upright(m.xf(s=(r, 1, r)), D / 2 + .0022, cy, dx))
        P.add('frame', L(turned([(.0054, 0), (.0064, 0), (.0064, .0009, .0003), (.0054, .0009, .0002), (.0052, .0003)], 28, 2)))
        P.add('gloss_black', L(_disc(.0053, .0004, 28, 1)))
        P.add('lens', L(lathe([(.0034, .00042), (.0029, .0008), (.0016, .0011), (0, .0012)], 20, crease=80)))
    P.add('flash', bk(upright(turned([(.0022, 0), (.0022, .0006, .0002), (0, .0006)], 18, 2), D / 2 + .0022, cy + .0026, .0218)))
    P.add('dark_metal', bk(upright(_disc(.0012, .0005, 14, 1), D / 2 + .0022, cy - .0032, .0218)))
    P.add('label', bk(panel_face(.036, .018, .0004, D / 2 + .00062, H * .52)))
    # buttons, port, speaker holes, antenna lines
    for sx, y, h in ((1, H * .66, .0165), (-1, H * .70, .0100), (-1, H * .61, .0100), (-1, H * .79, .0052)):
        P.add('frame', rbox((sx * (W / 2 + .0001), y, 0), (.0012, h, .0030), .0005, 2))
    P.add('black', rbox((0, .0002, 0), (.0090, .0006, .0030), .0014, 3))
    for i in range(5):
        for sx in (-1, 1):
            P.add('black', _disc(.0007, .00005, 10, 1).xf(E(180), (sx * (.0105 + .0024 * i), 0, 0)))
    for sy in (.020, H - .020):
        for sx in (-1, 1):
            P.add('antenna', rbox((sx * (W / 2 - .00035), sy, 0), (.0010, .0009, D - .0016), .0002, 1))
    return P


def laptop():
    MATS.update({
        'body': dict(c='#b9bcc1', m=1., r=.34), 'key': dict(c='#131417', r=.5), 'well': dict(c='#1c1d20', r=.6), 'glass': dict(c='#060708', r=.06),
        'screen': dict(c='#000000', r=.08, etex='screen_laptop', e='#ffffff', es=1.25), 'label': dict(tex='decal_dark', a=.99, m=.3, r=.12),
        'pad': dict(c='#aeb1b6', m=1., r=.28), 'ui_white': dict(c='#202020', e='#f2f4f8', es=.95, r=.3), 'ui_side': dict(c='#101418', e='#dfe6ee', es=.75, r=.3),
        'ui_blue': dict(c='#101418', e='#3d7de0', es=1., r=.3), 'ui_teal': dict(c='#101418', e='#3fb79a', es=1., r=.3), 'ui_coral': dict(c='#101418', e='#ef7a5a', es=1., r=.3),
        'ui_grey': dict(c='#101418', e='#b9c3cf', es=.8, r=.3), 'key_mark': dict(c='#c9ccd2', r=.5)})
    P = Parts()
    W, D, hb = .3125, .2210, .0098
    o = rrect(W, D, .0125, 7)
    P.add('body', plate(o, hb, .0010, 3, .0012, bottom=.0045))
    for sx in (-1, 1):
        for sz in (-1, 1):
            P.add('rubber', cyl(.008, .0016, 14, 0, .0005).xf(t=(sx * .13, 0, sz * .085)))
    yt = .0012 + hb
    # keyboard in a shallow well: a dark inlay with keys on it
    kw, kh, gap = .0162, .0155, .0029
    rows = [([1] * 13 + [1.35], .62), ([1] * 13 + [1.35], 1), ([1.45] + [1] * 13, 1), ([1.75] + [1] * 11 + [1.88], 1), ([2.3] + [1] * 10 + [2.5], 1),
            ([1, 1, 1, 1.25, 5.6, 1.25, 1, 1, 1, 1], 1)]
    total = 14.35 * kw + 13 * gap
    z0 = -.0905
    P.add('well', plate(rrect(total + .007, .1105, .004, 4, (0, .0395)), .0003, 0, 1, yt - .0002))
    z = z0 + .003
    for keys, hh in rows:
        s = (total - gap * (len(keys) - 1)) / sum(keys)
        x = -total / 2
        for k in keys:
            w = s * k
            P.add('key', key_cap(x + w / 2, z + kh * hh / 2, w, kh * hh, yt))
            x += w + gap
        z += kh * hh + gap
    P.add('pad', plate(rrect(.122, .076, .006, 5, (0, -.0645)), .0003, .0001, 1, yt - .0001))
    P.add('well', ring_plate(rrect(.1226, .0766, .0063, 5, (0, -.0645)), rrect(.1216, .0756, .0058, 5, (0, -.0645)), .00024, 0, 1, yt - .0001))
    for sx in (-1, 1):                                             # speaker grilles
        for i in range(3):
            for j in range(20):
                P.add('well', face(circle(.0006, 5, (sx * (total / 2 + .0085 + .0024 * i), .0885 - .0045 * j)), yt + .00005))
        P.add('gloss_black', rbox((sx * (W / 2 - .0001), yt - .0048, -.075), (.0008, .0030, .0090), .0003, 1), rbox((sx * (W / 2 - .0001), yt - .0048, -.058), (.0008, .0030, .0090), .0003, 1))
    P.add('body', rbox((0, yt - .0004, D / 2 - .0006), (.050, .0006, .0030), .0002, 1))
    # lid, drawn lying open upwards and turned about the hinge
    tilt = E(90 - 18)
    hinge = v3(0, yt + .0012, -D / 2 + .0045)
    H = .2135
    lid = lambda m: m.xf(None, (0, 0, -H / 2)).xf(tilt, hinge)
    lo = rrect(W, H, .0125, 7)
    P.add('body', lid(plate(lo, .0045, .0006, 2, -.0045, bottom=.0020)))
    P.add('glass', lid(plate(inset(lo, .0012), .0004, .0003, 1, 0)))
    scr = rrect(W - .0115, H - .0150, .006, 4, (0, .0005))
    P.add('screen', lid(face(scr, .00045)))
    P.add('black', tube([v3(-W / 2 + .030, hinge[1], hinge[2]), v3(W / 2 - .030, hinge[1], hinge[2])], .0042, 14))
    P.add('lens', lid(face(circle(.0014, 14, (0, H / 2 - .0042)), .0005)))
    ui = lambda mat, w, h, x, y, r=.002, z=.0006: P.add(mat, lid(face(rrect(w, h, min(r, w / 2.01, h / 2.01), 3, (x, y)), z)))
    ui('ui_white', .196, .132, .028, .006, .005)
    ui('ui_side', .044, .132, -.0480, .006, .005, .0007)
    for i, c in enumerate(('ui_coral', 'ui_teal', 'ui_blue')):
        ui(c, .0030, .0030, -.0635 + .0052 * i, .0665, .0015, .0008)
    for i in range(6):
        ui('ui_blue' if i == 1 else 'ui_grey', .030, .0038, -.0490, .050 - .0100 * i, .0019, .0008)
    for i, c in enumerate(('ui_blue', 'ui_teal', 'ui_coral')):
        ui(c, .0400, .0270, .0025 + .0455 * i, .0485, .003, .0008)
        ui('ui_white', .0200, .0030, -.0050 + .0455 * i, .0520, .0015, .0009)
    for i, h in enumerate((.014, .024, .019, .033, .028, .042, .036, .050, .046)):
        ui('ui_blue' if i % 2 else 'ui_teal', .0085, h, -.0120 + .0150 * i, -.0520 + h / 2, .0015, .0008)
    ui('ui_grey', .140, .0008, .0480, -.0525, .0003, .0008)
    ui('ui_side', .112, .0130, 0, -.0845, .0055)
    for i in range(7):
        ui(('ui_blue', 'ui_white', 'ui_coral', 'ui_teal', 'ui_grey', 'ui_blue', 'ui_coral')[i], .0096, .0096, -.0435 + .0145 * i, -.0845, .0025, .0008)
    # label on the back of the lid
    mark = flat_uv(face(rrect(.096, .048, .001, 2)), (-.048, 0, -.024), (.096, 0, 0), (0, 0, .048)).xf(E(0, 0, 180), (0, -.0047, 0))
    P.add('label', lid(mark))
    return P


def key_cap(x, z, w, d, y):
    b, h = .0006, .0011
    o = rrect(w, d, .0016, 1)
    R = [np.stack([q[:, 0] + x, np.full(len(q), yy), -q[:, 1] + z], 1) for q, yy in ((o, y), (inset(o, b), y + h))]
    return orient(rings(R, False, True, 40))


# --------------------------------------------------------------- watch, ring

def watch():
    MATS.update({
        'body': dict(c='#c9ccd0', m=1., r=.20), 'brushed': dict(c='#b7babf', m=1., r=.36), 'bezel': dict(c='#0d1b2e', r=.10), 'dial': dict(c='#12365c', m=.65, r=.34, nrm='dial_n', ns=.5),
        'lume': dict(c='#eef2ea', e='#cfe6d8', es=.10, r=.5), 'hand': dict(c='#e6e8ea', m=1., r=.14), 'second': dict(c='#d8572a', r=.4), 'crystal': dict(c='#eaf2ff', a=.10, r=.02),
        'rehaut': dict(c='#8f959c', m=1., r=.25), 'tick': dict(c='#dfe3e6', r=.5), 'label': dict(tex='decal_light', a=.99, r=.4)})
    P = Parts()
    W = Parts()                       # the head, drawn lying: dial up, 12 o'clock towards -Z
    R = .0200
    W.add('brushed', turned([(0, 0), (.0165, 0, .0008), (.0175, .0012, .0006), (R - .0006, .0022, .001), (R, .0034, .0006), (R, .0072, .0008), (R - .0012, .0080, .0004), (.0184, .0080)], 60, 2, uvs=(14, 1)))
    # bezel: a fluted ring with a dark inlay
    flute = lambda r: np.stack([np.cos(a), np.sin(a)], 1) * (r + .00014 * np.cos(a * 40))[:, None]
    n = 120
    a = np.arange(n) * 2 * PI / n
    W.add('body', ring_plate(flute(.01955), circle(.0158, n), .0024, .0005, 1, .0079, 35))
    ins = lathe([(.01915, .01015), (.0190, .01036), (.0163, .01066), (.0161, .0105)], 72, crease=30)
    W.add('bezel', ins)
    for i in range(60):
        t = i * 6
        L = .0016 if i % 5 == 0 else .0008
        if i == 0:
            tri = np.array([(.0, .0163), (.0011, .0184), (-.0011, .0184)])
            W.add('lume', plate(tri[[0, 1, 2]], .0002, 0, 1, .01056))
            continue
        W.add('tick', _tick(.00042 if i % 5 == 0 else .00022, .0003, L, .0, -.01755).xf(E(6.2), (0, .01053 - .0019, 0)).xf(E(0, -t)))
    W.add('rehaut', _inward(lathe([(.0150, .0072), (.0158, .0100)], 72, crease=60)))
    W.add('dial', _disc(.0151, .0072, 72, 10))
    for i in range(60):
        if i % 5:
            W.add('tick', _tick(.00018, .0001, .0007, .0073, -.01445).xf(E(0, -6 * i)))
    for i in range(12):
        w, l = (.0016, .0034) if i % 3 else (.0019, .0044)
        if i == 3:
            l, w = .0016, .0019
        r0 = .0136 - l / 2
        bar = lambda m: m.xf(E(0, -30 * i))
        if i == 0:
            for sx in (-1, 1):
                W.add('hand', rbox((sx * .00105, .0076, -r0), (.0014, .0008, l), .00022, 1))
                W.add('lume', rbox((sx * .00105, .00792, -r0), (.0007, .00022, l - .0008), .0001, 1))
            continue
        W.add('hand', bar(rbox((0, .0076, -r0), (w, .0008, l), .00022, 1)))
        W.add('lume', bar(rbox((0, .00792, -r0), (w - .0007, .00022, l - .0008), .0001, 1)))
    # date window at three
    W.add('hand', rbox((.0098, .0073, 0), (.0040, .0004, .0030), .0002, 2))
    W.add('tick', rbox((.0098, .00746, 0), (.0033, .0002, .0023), .0001, 1))
    # hands at ten past ten
    hand(W, 'hand', -50 + 0, .0088, .0011, .0081)
    hand(W, 'hand', 62, .0132, .00085, .0086)
    sec = lambda m: m.xf(E(0, -215))
    W.add('second', sec(rbox((0, .0091, -.0045), (.00022, .00018, .0190), .00005, 1)), sec(cyl(.0007, .0002, 16, .0090, .00005).xf(t=(0, 0, -.0105))), cyl(.0009, .0006, 20, .0089, .0002))
    W.add('label', face(rrect(.0092, .0046, .0002, 2, (0, .0054)), .00729))
    W.add('crystal', lathe([(.0158, .0100), (.0150, .0107), (.0120, .0111), (.006, .0113), (0, .01135)], 64, crease=80))
    # crown with its guards
    k = np.arange(72) * 2 * PI / 72
    knurl = np.stack([np.cos(k), np.sin(k)], 1) * (.0031 + .00016 * np.cos(k * 18))[:, None]
    W.add('body', plate(knurl, .0032, .0004, 2).xf(E(0, 0, -90), (.0206, .0052, 0)), cyl(.0016, .002, 16, 0, .0003).xf(E(0, 0, -90), (.0192, .0052, 0)))
    for sz in (-1, 1):
        W.add('brushed', rbox((.0200, .0052, sz * .0047), (.0046, .0042, .0032), .0012, 3))
    # lugs
    for sx in (-1, 1):
        for sz in (-1, 1):
            path = smooth_line([v3(sx * .0118, .0058, sz * .0140), v3(sx * .0122, .0054, sz * .0190), v3(sx * .0121, .0030, sz * .0228), v3(sx * .0118, -.0006, sz * .0246)], 9)
            W.add('brushed', sweep(path, rrect(.0036, .0044, .0008, 3), scale=np.linspace(1.05, .8, 9)))
            W.add('body', sweep(path + v3(sx * .0012, .0012, 0), rrect(.0009, .0022, .0003, 2), scale=np.linspace(1.0, .8, 9)))
    for sz in (-1, 1):                                   # the bracelet's end pieces between the lugs
        W.add('brushed', rbox((0, .0012, sz * .0214), (.0190, .0040, .0064), .0011, 2))
    # the head stands upright and leans back a little
    tilt, up = 90 - 16, .0430
    headR = E(tilt)
    place = lambda m: m.xf(None, (0, -.004, 0)).xf(headR, (0, up, .0225))
    for k, ms in W.d.items():
        P.add(k, *[place(m) for m in ms])
    # bracelet: links along a closed oval line that begins and ends at the lugs
    end = lambda s: headR @ v3(0, -.0040, s * .0232) + v3(0, up, .0225)
    top, bot = end(-1), end(1)
    mid = [v3(0, up + .0215, -.004), v3(0, up + .0120, -.0225), v3(0, up - .004, -.0305), v3(0, up - .0210, -.0270), v3(0, up - .0335, -.0130), v3(0, up - .0352, .004)]
    line = spline([top + (top - mid[0]) * .02, top] + mid + [bot, bot + (bot - mid[-1]) * .02], 600)
    L = np.r_[0, np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))]
    pitch = .0062
    count = int((L[-1] - .002) / pitch)
    at = lambda s: np.stack([np.interp(s, L, line[:, i]) for i in range(3)], -1)
    cen = v3(0, up - .008, -.004)
    step = (L[-1] - .001) / count
    link, places = Parts(), []
    wm, ws = .0074, .0058
    link.add('body', rbox((0, 0, 0), (wm, .0031, step * .93), .0009, 2))
    for sx in (-1, 1):
        link.add('brushed', rbox((sx * (wm / 2 + ws / 2 + .00012), -.0001, step * .08), (ws, .0028, step * .94), .0006, 2))
    for i in range(count):
        s = .0005 + step * (i + .5)
        p, q = at(s - step * .5), at(s + step * .5)
        T = norm(q - p)
        N = np.cross(v3(1, 0, 0), T)
        N = N * (1 if N @ ((p + q) / 2 - cen) > 0 else -1)
        X = np.cross(N, T)
        places.append(((p + q) / 2, np.stack([X, N, T], 1), (1 - .16 * math.sin(PI * min(1, (i + .5) / count)), 1., 1.)))
    low = min(m.v[:, 1].min() for ms in P.d.values() for m in ms)
    low = min(low, min(((m.v * s) @ Rm.T + t)[:, 1].min() for t, Rm, s in places for ms in link.d.values() for m in ms))
    for k in P.d:
        P.d[k] = [m.xf(t=(0, -low, 0)) for m in P.d[k]]
    P.inst = [('link', link, [(t - v3(0, low, 0), Rm, s) for t, Rm, s in places])]
    return P


def _tick(w, h, l, y, z):
    """Small block without an underside."""
    x0, x1, z0, z1 = -w / 2, w / 2, z - l / 2, z + l / 2
    v = np.array([(x0, y, z1), (x1, y, z1), (x1, y, z0), (x0, y, z0), (x0, y + h, z1), (x1, y + h, z1), (x1, y + h, z0), (x0, y + h, z0)])
    return Mesh(v, np.array([(4, 5, 6), (4, 6, 7), (0, 1, 5), (0, 5, 4), (1, 2, 6), (1, 6, 5), (2, 3, 7), (2, 7, 6), (3, 0, 4), (3, 4, 7)]), crease=100)


def _inward(m):
    m.t, m.uv = m.t[:, ::-1].copy(), m.uv[:, ::-1].copy()
    return m


def _disc(r, y, n, turns):
    """Flat disc, u round it and v outwards."""
    a = np.arange(n + 1) * 2 * PI / n
    v = np.concatenate([[[0, y, 0]], np.stack([np.sin(a) * r, np.full(n + 1, y), np.cos(a) * r], 1)])
    i = np.arange(n)
    t = np.stack([np.zeros(n, int), i + 1, i + 2], 1)
    uv = np.stack([np.stack([(i + .5) / n * turns, 0 * i], 1), np.stack([i / n * turns, 0 * i + 1.], 1), np.stack([(i + 1) / n * turns, 0 * i + 1.], 1)], 1)
    return Mesh(v, t, None, uv)


def hand(W, mat, deg, length, w, y):
    o = np.array([(w * .45, -.0026), (w, length * .55), (w * .25, length), (-w * .25, length), (-w, length * .55), (-w * .45, -.0026)])
    W.add(mat, plate(o, .0004, .0001, 1, y).xf(E(0, -deg)))
    i = np.array([(w * .42, length * .30), (w * .55, length * .56), (w * .12, length * .90), (-w * .12, length * .90), (-w * .55, length * .56), (-w * .42, length * .30)])
    W.add('lume', face(i, y + .00045).xf(E(0, -deg)))
    W.add(mat, cyl(.0013, .0005, 20, y, .0001))


def ring():
    MATS.update({
        'body': dict(c='#e2b36a', m=1., r=.13), 'stone': dict(c='#dff0ff', m=1., r=.04), 'table': dict(c='#f6fbff', a=.20, r=.02),
        'fire_white': dict(c='#ffffff', m=1., r=.03, e='#ffffff', es=.35), 'fire_mid': dict(c='#8fa9bf', m=1., r=.05), 'fire_dark': dict(c='#0d141c', m=1., r=.05),
        'fire_blue': dict(c='#8fc4ff', m=1., r=.04, e='#5aa8ff', es=.25), 'fire_gold': dict(c='#ffe2a8', m=1., r=.04, e='#ffc46a', es=.2)})
    P = Parts()
    R = .0098
    n = 84
    a = np.arange(n) * 2 * PI / n
    path = np.stack([np.sin(a) * R, np.cos(a) * R, 0 * a], 1)
    # comfort-fit section, narrower towards the stone
    s = .80 + .20 * ((1 - np.cos(a)) / 2)
    sec = fillet([(.0013, -.0008, .0005), (.0013, .0006, .0008), (-.0013, .0006, .0008), (-.0013, -.0008, .0005)], 2, True)
    P.add('body', sweep(path, sec, up=norm(path), closed=True, scale=s, crease=60))
    y0 = R + .0006
    # basket: two rings and six claws
    P.add('body', torus(.0019, .00038, 32, 8).xf(t=(0, y0 + .0007, 0)), torus(.0028, .00036, 36, 8).xf(t=(0, y0 + .0024, 0)))
    g = .0033                                                    # radius of the girdle
    yg = y0 + .0036
    for i in range(6):
        t = (i + .5) * PI / 3
        d = v3(math.sin(t), 0, math.cos(t))
        pts = smooth_line([d * .0012 + v3(0, y0 - .0006, 0), d * .0021 + v3(0, y0 + .0010, 0), d * (g + .0002) + v3(0, yg - .0004, 0), d * (g + .00025) + v3(0, yg + .0006, 0), d * (g - .0005) + v3(0, yg + .0011, 0)], 10)
        P.add('body', orient(tube(pts, np.r_[np.full(8, .00040), .00036, .00018], 8)))
    P.add('body', ball(.0009, 16, 10, (0, y0 - .0003, 0), 1.5, .8, 1.3))
    brilliant(P, (0, yg, 0), g)
    # pavé along the shoulders
    for sg in (-1, 1):
        for i in range(9):
            t = sg * math.radians(17 + 7.4 * i)
            c = v3(math.sin(t), math.cos(t), 0) * (R + .00062)
            Rm = E(0, 0, -math.degrees(t))
            small = Parts()
            brilliant(small, (0, 0, 0), .00060, simple=True)
            for k, ms in small.d.items():
                P.add(k, *[m.xf(Rm, c) for m in ms])
            for dz in (-1, 1):
                P.add('body', ball(.00017, 6, 5).xf(None, Rm @ v3(.00063, .00002, dz * .00050) + c))
    low = min(m.v[:, 1].min() for ms in P.d.values() for m in ms)
    for k in P.d:
        P.d[k] = [m.xf(t=(0, -low, 0)) for m in P.d[k]]
    return P


def brilliant(P, c, g, simple=False):
    """Round brilliant: a clear crown over a pavilion whose facets mirror, as light returns in a diamond."""
    rg = lambda r, y, n, o=0.: [v3(math.sin((i + o) * 2 * PI / n) * r, y, math.cos((i + o) * 2 * PI / n) * r) for i in range(n)]
    tris = []
    table, star, gird = rg(g * .56, g * .32, 8, .0), rg(g * .80, g * .19, 8, .5), rg(g, .02 * g, 16)
    for i in range(8):
        j = (i + 1) % 8
        tris += [(v3(0, g * .32, 0), table[i], table[j]), (table[i], star[i], table[j])]
        tris += [(table[j], star[i], gird[2 * i + 2 if i < 7 else 0]), (table[j], gird[2 * i + 2 if i < 7 else 0], star[j])]
        tris += [(star[i], gird[2 * i], gird[2 * i + 1]), (star[i], gird[2 * i + 1], gird[(2 * i + 2) % 16])]
    crown = Mesh(np.array(tris).reshape(-1, 3), np.arange(len(tris) * 3).reshape(-1, 3), crease=1)
    cen = crown.v[crown.t].mean(1) - v3(0, -g, 0)
    bad = (crown.fn() * cen).sum(1) < 0
    crown.t[bad] = crown.t[bad][:, ::-1]
    low, tip = rg(g * .42, -g * .52, 8, .5), v3(0, -g * .86, 0)
    pav = []
    for i in range(8):
        k = (i + 1) % 8
        pav += [(tip, low[i], low[k])]
        a, b, d = gird[2 * i], gird[2 * i + 1], gird[(2 * i + 2) % 16]
        pav += [(low[i], a, b), (low[i], b, d), (low[i], d, low[k])]
    pavm = Mesh(np.array(pav).reshape(-1, 3), np.arange(len(pav) * 3).reshape(-1, 3), crease=1)
    if simple:
        P.add('stone', crown.xf(t=c))
        return
    cen = pavm.v[pavm.t].mean(1) + v3(0, g * .3, 0)
    bad = (pavm.fn() * cen).sum(1) < 0
    pavm.t[bad] = pavm.t[bad][:, ::-1]
    P.add('stone', pavm.xf(t=c))
    # Seen from above, every facet returns another part of the surroundings: bright, dark, or a colour.
    for i in range(len(pavm.t)):
        one = pavm.sub([i])
        one.t = one.t[:, ::-1].copy()
        kind = ('fire_white', 'fire_dark', 'fire_mid', 'fire_white', 'fire_blue', 'fire_mid', 'fire_dark', 'fire_white', 'fire_gold', 'fire_dark')[(i * 7 + i // 4) % 10]
        P.add(kind, one.xf(s=.995).xf(t=c))
    P.add('table', crown.xf(t=c))


# --------------------------------------------------------------- coffee machine, chair

def appliance():
    MATS.update({
        'body': dict(c='#b5382c', r=.22), 'steel_b': dict(c='#c7c9cb', m=1., r=.30, nrm='brush_n', ns=.25), 'glass': dict(c='#dfeaf0', a=.28, r=.04), 'water': dict(c='#9fc4d6', a=.45, r=.03),
        'label': dict(tex='decal_light', a=.99, r=.25), 'lamp': dict(c='#fff0d8', e='#ffd9a0', es=3., r=.5), 'wood': dict(tex='walnut_b', r=.45), 'dial_face': dict(c='#f4f2ea', r=.4),
        'needle': dict(c='#b5382c', r=.5), 'cup': dict(c='#f3f1ea', r=.18), 'coffee': dict(c='#2a1206', r=.15), 'crema': dict(c='#a8692c', r=.5), 'grate': dict(c='#8d9094', m=1., r=.32)})
    P = Parts()
    w, d = .280, .300
    # column at the back, head above, base below
    side = fillet([(-d / 2, .022, .018), (d / 2, .022, .012), (d / 2, .078, .016), (.010, .078, .014), (-.004, .235, .014), (d / 2 - .020, .242, .020), (d / 2 - .008, .352, .030), (-d / 2, .352, .030)], 6, True)
    n = len(side)
    rows = []
    a = np.linspace(0, PI / 2, 5)
    b = .012
    for t in a:
        rows.append((b * (1 - math.sin(t)), -w / 2 + b * (1 - math.cos(t))))
    for t in a:
        rows.append((b * (1 - math.cos(t)), w / 2 - b * (1 - math.sin(t))))
    R = []
    for dd, x in rows:
        q = inset(side, dd)
        R.append(np.stack([np.full(n, x), q[:, 1], q[:, 0]], 1))
    shell_ = grid_mesh(np.swapaxes(np.array(R), 0, 1), True, crease=40)
    P.add('body', orient(shell_))
    for sg, ring in ((-1, R[0]), (1, R[-1])):                  # flat cheeks, as strips between bottom and top of the outline
        P.add('body', _cheek(ring, sg))
    for sx in (-1, 1):
        for sz in (-1, 1):
            P.add('rubber', cyl(.016, .024, 16, 0, .002).xf(t=(sx * .115, 0, sz * .125)))
    # steel panels: front of the column, cup tray, drip tray
    P.add('steel_b', _box_uv(rbox((0, .157, .0085), (w - .050, .135, .006), .002, 2), 8))
    P.add('steel_b', _box_uv(plate(rrect(w - .03, .128, .008, 4, (0, -.078)), .010, .002, 2, .074), 8))
    P.add('black', plate(rrect(w - .050, .108, .005, 3, (0, -.078)), .0012, .0003, 1, .0835))
    for i in range(15):
        x = -.105 + .015 * i
        P.add('grate', box((x, .0862, .078), (.0045, .003, .104), .0009))
    for z in (.028, .078, .128):
        P.add('grate', rbox((0, .0852, z), (.222, .002, .004), .0008, 1))
    P.add('grate', sweep(np.stack([(q := rrect(.226, .110, .006, 4))[:, 0], np.full(len(q), .0862), -q[:, 1] + .078], 1), rrect(.003, .004, .001, 1), closed=True))
    # rail on top with cups
    top = .352
    P.add('steel_b', _box_uv(plate(rrect(w - .050, d - .080, .018, 5, (0, .012)), .003, .001, 2, top - .0005), 8))
    o = rrect(w - .056, d - .086, .016, 5, (0, .012))
    P.add('chrome', sweep(np.stack([o[:, 0], np.full(len(o), top + .026), -o[:, 1]], 1), circle(.0032, 7), closed=True))
    for x, z in ((-.108, -.110), (.108, -.110), (-.108, .086), (.108, .086)):
        P.add('chrome', cyl(.0028, .026, 12, top, .0005).xf(t=(x, 0, z)))
    tea = Parts()
    tea.add('cup', lathe(fillet([(.0, .058), (.020, .058, .003), (.031, .030, .02), (.0335, .001), (.0315, 0), (.029, .03, .02), (.019, .054, .003), (0, .055)], 2)[::-1], 22, crease=60))
    tea.add('cup', orient(tube(smooth_line([v3(.029, .044, 0), v3(.046, .044, 0), v3(.050, .028, 0), v3(.044, .014, 0), v3(.031, .014, 0)], 10), .0035, 7)))
    P.inst = [('cup', tea, [(v3(x, top + .003, z), E(0, 40 + 80 * i), 1.) for i, (x, z) in enumerate(((-.062, .030), (.030, .036), (-.018, -.050), (.075, -.045)))])]
    # group head, portafilter with a wooden handle
    gz = .078
    P.add('chrome', turned([(0, .190), (.030, .190, .002), (.034, .196, .004), (.034, .212, .004), (.028, .218, .003), (.028, .246)], 32, 2).xf(t=(0, 0, gz)))
    P.add('chrome', turned([(0, .158), (.012, .158, .002), (.026, .166, .006), (.0315, .172, .002), (.0315, .190, .001), (.0, .190)], 32, 2).xf(t=(0, 0, gz)))
    P.add('chrome', sweep(smooth_line([v3(0, .181, gz + .030), v3(0, .180, gz + .060), v3(0, .176, gz + .080)], 8), rrect(.013, .010, .003, 3)))
    P.add('wood', turned([(0, 0), (.009, 0, .002), (.0115, .010, .004), (.0100, .040, .03), (.0135, .095, .02), (.0115, .116, .006), (0, .118)], 28, 5, uvs=(1, 2)).xf(E(98), (0, .177, gz + .074)))
    P.add('chrome', turned([(.0, 0), (.0115, 0, .001), (.0115, .006, .001), (0, .006)], 24, 2).xf(E(98), (0, .177, gz + .070)))
    for sx in (-1, 1):                                          # spouts
        P.add('chrome', orient(tube(smooth_line([v3(0, .162, gz), v3(sx * .008, .154, gz), v3(sx * .014, .150, gz), v3(sx * .015, .140, gz)], 8), .0052, 9)))
        P.add('coffee', tube([v3(sx * .015, .141, gz), v3(sx * .0148, .118, gz)], np.array([.0014, .0011]), 8))
    # cup under it
    cupm = lathe(fillet([(0, .0005), (.019, 0, .003), (.030, .024, .02), (.0335, .050), (.0318, .051), (.0285, .026, .02), (.018, .004, .003), (0, .004)], 5), 40, crease=60)
    P.add('cup', cupm.xf(t=(0, .0877, gz)), orient(tube(smooth_line([v3(.030, .040, 0), v3(.047, .041, 0), v3(.050, .027, 0), v3(.042, .014, 0), v3(.028, .014, 0)], 14), .0035, 10)).xf(E(0, 25), (0, .0877, gz)))
    P.add('coffee', _disc(.0305, .127, 32, 1).xf(t=(0, 0, gz)))
    P.add('crema', _ringdisc(.031, .016, .1273, gz))
    # front of the head: gauge, knobs, lamp strip, label
    fz, fy = d / 2 - .0135, .297
    lean = lambda m, x, y=fy: m.xf(E(90 - 6.2), (x, y, fz + .0005 - (y - .297) * .11 * -1))
    P.add('chrome', lean(turned([(0, 0), (.031, 0), (.031, .010, .003), (.027, .010, .001), (.0265, .006)], 40, 2), 0))
    P.add('dial_face', lean(_disc(.0268, .0065, 48, 1), 0))
    for i in range(19):
        P.add('black', lean(rbox((0, .0067, -.0225), (.0009 if i % 3 else .0014, .0003, .003 if i % 3 else .005), .0001, 1).xf(E(0, 130 - i * 14.4)), 0))
    P.add('needle', lean(plate(np.array([(.0012, -.005), (.0004, .021), (-.0004, .021), (-.0012, -.005)]), .0006, .0001, 1, .0072).xf(E(0, -38)), 0))
    P.add('black', lean(cyl(.003, .0016, 20, .0068, .0004), 0))
    P.add('glass', lean(lathe([(.0268, .0085), (.018, .0102), (0, .0108)], 32, crease=80), 0))
    for x in (-.088, .088):
        k = np.arange(60) * 2 * PI / 60
        o = np.stack([np.cos(k), np.sin(k)], 1) * (.0175 + .0006 * np.cos(k * 15))[:, None]
        P.add('steel', lean(cyl(.0215, .004, 40, 0, .001), x))
        P.add('wood', lean(plate(o, .019, .003, 2, .004), x))
        P.add('chrome', lean(rbox((0, .0235, -.010), (.0018, .0012, .010), .0004, 1), x))
    for x in (-.125, .125):
        P.add('lamp', lean(turned([(.0035, 0), (.0035, .001, .0006), (0, .0014)], 16, 2), x, .328))
    P.add('label', panel_face(.056, .028, .001, d / 2 + .0003, .050))
    # steam wand
    P.add('chrome', ball(.011, 20, 14, (.112, .236, .062)), orient(tube(smooth_line([v3(.112, .236, .062), v3(.120, .215, .074), v3(.124, .170, .086), v3(.128, .125, .098), v3(.126, .108, .104)], 16), .0042, 8)))
    P.add('rubber', orient(tube(smooth_line([v3(.1225, .185, .0815), v3(.1245, .165, .087), v3(.1262, .148, .0915)], 8), .0062, 12)))
    # water tank at the back
    P.add('glass', plate(rrect(w - .070, .030, .010, 4, (0, d / 2 + .010)), .225, .006, 3, .075))
    P.add('water', plate(rrect(w - .078, .022, .007, 3, (0, d / 2 + .010)), .150, .001, 1, .080))
    return P


def _ringdisc(r1, r0, y, z):
    m = lathe([(r0, y), (r1, y - .0001)], 40, crease=60)
    if m.fn()[:, 1].sum() < 0:
        m = _inward(m)
    return m.xf(t=(0, 0, z))


def _cheek(ring, sg):
    """Flat side of a closed outline at one x, triangulated by cutting ears."""
    P = ring[:, [2, 1]]
    idx = list(range(len(P)))
    area = lambda a, b, c: (P[b][0] - P[a][0]) * (P[c][1] - P[a][1]) - (P[b][1] - P[a][1]) * (P[c][0] - P[a][0])
    tot = sum(P[i][0] * P[(i + 1) % len(P)][1] - P[(i + 1) % len(P)][0] * P[i][1] for i in range(len(P)))
    if tot < 0:
        idx.reverse()
    out = []
    while len(idx) > 3:
        best = None
        for k in range(len(idx)):
            a, b, c = idx[k - 1], idx[k], idx[(k + 1) % len(idx)]
            if area(a, b, c) <= 1e-14:
                continue
            if any(area(a, b, p) >= 0 and area(b, c, p) >= 0 and area(c, a, p) >= 0 for p in idx if p not in (a, b, c)):
                continue
            best = k
            break
        if best is None:
            best = 0
        out.append((idx[best - 1], idx[best], idx[(best + 1) % len(idx)]))
        idx.pop(best)
    out.append(tuple(idx))
    m = Mesh(ring, np.array(out))
    m.uv = np.zeros((len(out), 3, 2))
    bad = m.fn()[:, 0] * sg < 0
    m.t[bad] = m.t[bad][:, ::-1]
    return m


def chair():
    MATS.update({
        'body': dict(c='#b8623c', tex='fabric_b', nrm='fabric_n', ns=.5, r=.92), 'wood': dict(tex='walnut_b', r=.38), 'brass': dict(c='#c79f55', m=1., r=.28), 'piping': dict(c='#8f4528', r=.9),
        'strap': dict(c='#3a2a20', r=.7), 'label': dict(tex='decal_light', a=.99, r=.8)})
    P = Parts()
    W = .72
    # two side frames: each one loop of rounded oak: leg, arm, back leg, seat rail
    sec = rrect(.030, .034, .012, 2)
    for sx in (-1, 1):
        x = sx * (W / 2 - .02)
        front = smooth_line([v3(x, .0, .345), v3(x, .16, .330), v3(x, .36, .305), v3(x, .49, .280), v3(x, .555, .235), v3(x, .570, .150), v3(x, .560, .02), v3(x, .540, -.12), v3(x, .50, -.24), v3(x, .42, -.315), v3(x, .22, -.375), v3(x, 0, -.425)], 33)
        t = np.linspace(0, 1, 33)
        taper = np.interp(t, [0, .3, .7, 1], [.72, 1.05, 1.05, .72])
        flat = np.stack([taper * np.interp(t, [0, .27, .40, .60, .73, 1], [1, 1, 1.55, 1.55, 1, 1]), taper], 1)
        up = np.array([norm(np.cross(t, v3(1, 0, 0)) * 1.) for t in norm(np.gradient(front, axis=0))])
        P.add('wood', _run_uv(sweep(front, sec, up=-up, scale=flat), 2.4))
        P.add('wood', _run_uv(sweep(smooth_line([v3(x, .300, .312), v3(x, .275, .10), v3(x, .235, -.15), v3(x, .205, -.375)], 16), rrect(.024, .040, .010, 2)), 2.4))
        for y, z in ((0, .3455), (0, -.4255)):
            P.add('brass', cyl(.0145, .012, 20, 0, .003).xf(t=(x, y, z)))
        for y, z in ((.298, .326), (.216, -.362)):
            P.add('brass', cyl(.006, .004, 16, 0, .001).xf(E(0, 0, -90 * sx), (x + sx * .014, y, z)))
    for y, z in ((.285, .290), (.215, -.350), (.245, -.02)):
        P.add('wood', _run_uv(sweep(np.stack([np.linspace(-W / 2 + .02, W / 2 - .02, 6), np.full(6, y), np.full(6, z)], 1), rrect(.022, .036, .010, 2)), 2.4))
    # back frame: two uprights and a top rail, with straps
    lean = E(-20)
    bk = lambda m: m.xf(lean, (0, .270, -.235))
    for sx in (-1, 1):
        P.add('wood', bk(_run_uv(sweep(np.stack([np.full(8, sx * .275), np.linspace(-.06, .515, 8), np.linspace(.0, -.012, 8)], 1), rrect(.030, .026, .010, 2), up=(0, 0, 1), scale=np.linspace(1.1, .85, 8)), 2.4)))
    P.add('wood', bk(_run_uv(sweep(smooth_line([v3(-.29, .515, -.012), v3(-.15, .522, -.028), v3(.15, .522, -.028), v3(.29, .515, -.012)], 14), rrect(.030, .044, .013, 2)), 2.4)))
    for i in range(6):
        P.add('strap', bk(rbox((0, .06 + .08 * i, -.012), (.55, .042, .005), .002, 1)))
    # cushions
    seat = cushion(.585, .560, .155, .012)
    P.add('body', _box_uv(seat[0], 20).xf(E(6.5), (0, .338, .035)))
    P.add('piping', *[m.xf(E(6.5), (0, .338, .035)) for m in seat[1]])
    back = cushion(.585, .520, .150, .016)
    bp = lambda m: bk(m.xf(E(90), (0, .335, .086)))
    P.add('body', bp(_box_uv(back[0], 20)))
    P.add('piping', *[bp(m) for m in back[1]])
    P.add('label', bk(panel_face(.060, .030, .001, .0).xf(E(0, 180), (0, .521, -.0455))))
    pill = cushion(.40, .19, .13, .02)
    at = lambda m: bk(m.xf(E(90), (0, .495, .150)))
    P.add('body', at(_box_uv(pill[0], 20)))
    P.add('piping', *[at(m) for m in pill[1]])
    return P


def _run_uv(m, k):
    """Grain along the longest side of a swept bar."""
    p = m.v[m.t]
    ext = m.v.max(0) - m.v.min(0)
    i = int(np.argmax(ext))
    j = (i + 1) % 3
    l = (i + 2) % 3
    m.uv = np.stack([p[..., i] * k, (p[..., j] + p[..., l]) * k], -1)
    return m


def cushion(w, d, h, crown):
    """Upholstered cushion: boxed sides, crowned faces, piping along both seams."""
    o = squircle(w, d, 7., 44)
    side = h / 2 - .030
    at = lambda scale, y: np.stack([o[:, 0] * scale, np.full(len(o), y), -o[:, 1] * scale], 1)
    puff = lambda s: (.030 + crown) * (1 - s ** 2.6) ** .62
    out = (.04, .30, .60, .82, .94, 1.)
    R = [at(s, -side - puff(s)) for s in out]
    R += [at(1 + .012 * math.sin(PI * t), -side + 2 * side * t) for t in (.25, .5, .75)]
    R += [at(s, side + puff(s)) for s in out[::-1]]
    pipes = [sweep(at(1.004, y), circle(.0048, 5), closed=True, crease=100) for y in (-side, side)]
    return orient(rings(R, True, True, 70)), pipes


# --------------------------------------------------------------- the library

PRODUCTS = {
    'shoe': (product_shoe.shoe, 'Running shoe, right foot, toe towards +X', 'decal'),
    'watch': (watch, 'Diver\'s watch on a steel bracelet, standing', 'decal'),
    'jewellery': (ring, 'Ring with a brilliant and small stones, standing', None),
    'phone': (phone, 'Phone with a lit screen, standing', 'decal'),
    'laptop': (laptop, 'Laptop, open, with a lit screen', 'decal'),
    'car': (product_car.car, 'Electric saloon with lights on', 'decal'),
    'bottle': (bottle, 'Bottle of green glass with a capsule', 'paper'),
    'jar': (jar, 'Cosmetics jar with a metal lid', 'paper'),
    'can': (can, 'Drink can, cold, with dew', 'wrap'),
    'appliance': (appliance, 'Coffee machine with cups', 'decal'),
    'chair': (chair, 'Lounge chair with cushions', 'decal'),
    'box': (box_model, 'Box with a lid, for any other product', 'paper'),
}


def bounds(P):
    vs = [m.v for ms in P.d.values() for m in ms]
    for _, parts, at in getattr(P, 'inst', ()):
        for t, R, s in at:
            vs += [(m.v * s) @ np.asarray(R).T + t for ms in parts.d.values() for m in ms]
    v = np.concatenate(vs)
    return v.min(0), v.max(0)


def label_size(P):
    """Width and height of the label in metres, measured along the surface."""
    w = h = 0.
    for m in P.d.get('label', ()):
        du = m.uv[:, 1:] - m.uv[:, :1]
        dp = m.v[m.t][:, 1:] - m.v[m.t][:, :1]
        det = du[:, 0, 0] * du[:, 1, 1] - du[:, 0, 1] * du[:, 1, 0]
        ok = np.abs(det) > 1e-9
        du, dp, det = du[ok], dp[ok], det[ok]
        eu = (dp[:, 0] * du[:, 1, 1, None] - dp[:, 1] * du[:, 0, 1, None]) / det[:, None]
        ev = (dp[:, 1] * du[:, 0, 0, None] - dp[:, 0] * du[:, 1, 0, None]) / det[:, None]
        w, h = max(w, float(np.median(np.linalg.norm(eu, axis=1)))), max(h, float(np.median(np.linalg.norm(ev, axis=1))))
    return w, h


def write_product(name, path):
    make, what, kind = PRODUCTS[name]
    own = dict(MATS)
    P = make()
    lo, hi = bounds(P)
    # On the ground, and as deep in front of the origin as behind it.
    away = -v3(0, lo[1], (lo[2] + hi[2]) / 2)
    P.d = {k: [m.xf(t=away) for m in ms] for k, ms in P.d.items()}
    P.inst = [(n, parts, [(t + away, R, s) for t, R, s in at]) for n, parts, at in getattr(P, 'inst', ())]
    g = CompactGlb(name)
    g.measure(P, *[parts for _, parts, _ in P.inst])
    g.put(g.mesh(name, P.merged()), name)
    for what_, parts, at in P.inst:
        before = g.tris
        mesh = g.mesh(what_, parts.merged())
        each = g.tris - before
        for i, (t, R, s) in enumerate(at):
            g.put(mesh, what_ if i == 0 else None, t, R, s)
        g.tris += each * (len(at) - 1)
    size = g.save(path)
    w, h = label_size(P)
    MATS.clear()
    MATS.update(own)
    entry = dict(name='product_' + name, file=f'product_{name}.glb', kind='product', category=name, description=what,
                 size=[round(float(x), 4) for x in hi - lo], height=round(float(hi[1] - lo[1]), 4), stands_on='any', colour_material='body')
    if 'label' in P.d:
        entry['label'] = dict(material='label', kind=kind, size=[round(w, 4), round(h, 4)])
    return entry, size


def main():
    out = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'assets', 'library')
    os.makedirs(out, exist_ok=True)
    everything = ['product_' + n for n in PRODUCTS] + ['set_' + n for n in product_sets.SETS]
    names = sys.argv[1:] or everything
    listing = os.path.join(out, 'models.json')
    known = {}
    if os.path.exists(listing):
        with open(listing) as f:
            known = {m['name']: m for m in json.load(f)['models']}
    total = 0
    for n in names:
        kind, _, short = n.partition('_')
        write = write_product if kind == 'product' else product_sets.write_set
        known[n], size = write(short, os.path.join(out, n + '.glb'))
        total += size
    print(f'total {total / 1024:.1f} KiB')
    with open(listing, 'w') as f:
        rows = ',\n'.join('    ' + json.dumps(known[n]) for n in everything if n in known)
        f.write('{\n  "version": 1,\n  "models": [\n' + rows + '\n  ]\n}\n')


if __name__ == '__main__':
    main()
