"""The sets of the library: places for a product, with room for a camera that goes round it.

The product's place is the origin, the camera usually stands on +Z.  Floors are at y = 0; in the kitchen the top of the
island is, and the floor is lower.  Empty nodes mark places: `mark_prop` the product's, `mark_table` a second one at table
height, `mark_a`, `mark_b` and `mark_c` people, `mark_enter` where somebody comes in.
"""
import math
import os

import numpy as np

from gltf_models import (
    ball, box, CompactGlb, cyl, E, fbm, grid_mesh, lathe, MATS, Mesh, norm, normal_from, orient, Parts, PI, poster, rgb,
    rng, TEX, torus, tube, v3, wood_h)
from product_shapes import circle, fillet, plate, rbox, rrect, smooth_line, turned


# --------------------------------------------------------------- pictures

def bricks(n=128, rows=8, cols=4):
    y, x = np.meshgrid(np.arange(n) / n * rows, np.arange(n) / n * cols, indexing='ij')
    x = x + .5 * (np.floor(y) % 2)
    u, v = x % 1, y % 1
    e = np.minimum(np.minimum(u, 1 - u) * 2, np.minimum(v, 1 - v))
    return np.clip((e - .05) / .08, 0, 1), np.floor(y) * 7 + np.floor(x % cols) * 13


def brick_picture(brick, joint):
    def make():
        h, ident = bricks()
        t = ((np.sin(ident * 12.9898) * 43758.5453) % 1)[..., None]
        nz = fbm(128, 128, 16, 16, 80, 3)[..., None] - .5
        img = (rgb(brick) * (.74 + .46 * t) + nz * 46) * h[..., None] + (rgb(joint) + nz * 30) * (1 - h[..., None])
        return poster(img, 14)
    return make


def planks(n=128, rows=6):
    """Height and tone of floor boards that run along u."""
    y, x = np.meshgrid(np.arange(n) / n * rows, np.arange(n) / n, indexing='ij')
    row = np.floor(y)
    shift = (np.sin(row * 78.233) * 43758.5453) % 1
    v, u = y % 1, (x + shift) % 1
    gap = np.clip(np.minimum(np.minimum(v, 1 - v) * 14, np.minimum(u, 1 - u) * 60), 0, 1)
    tone = (np.sin((row + 3 * (x + shift >= 1)) * 12.9898) * 43758.5453) % 1
    return gap, tone


def plank_picture(c0, c1):
    def make():
        gap, tone = planks()
        g = wood_h(128, 220)[..., None]
        img = (rgb(c0) * (1 - g) + rgb(c1) * g) * (.84 + .26 * tone[..., None])
        return poster(img * (.35 + .65 * gap[..., None]), 11)
    return make


def speckle(n, base, dots, seed):
    def make():
        g = rng(seed)
        img = np.ones((n, n, 3)) * rgb(base)
        for c, k in dots:
            i = g.integers(0, n, (k, 2))
            img[i[:, 0], i[:, 1]] = rgb(c)
        return img
    return make


def wet():
    f = fbm(128, 128, 2, 2, 300, 3, .42)
    f = (f - f.min()) / (f.max() - f.min())
    return np.clip((f - .34) / .26, 0, 1)            # 0 in puddles, 1 on the dry crown


def asphalt_picture():
    d = wet()[..., None]
    grit = rng(7).random((128, 128, 1))
    c = rgb('#121316') * (1 - d) + rgb('#2b2c30') * d + (grit - .5) * 34 * d
    a = 178 + 66 * d
    return np.concatenate([poster(c, 7), poster(a, 10)], -1)


def asphalt_rough():
    d = wet()
    g = poster(255 * (.15 + .28 * d), 8)
    return np.stack([0 * g, g, 0 * g], -1)


def interior(seed, warm, cool):
    """What is seen through a shop window: shelves with goods, lamps."""
    def make():
        g = rng(seed)
        h, w = 48, 80
        y, x = np.meshgrid(np.linspace(0, 1, h), np.linspace(0, 1, w), indexing='ij')
        img = rgb(warm) * (1.05 - .55 * y[..., None]) * (.75 + .25 * np.sin(x * PI)[..., None])
        for r in (14, 24, 34):
            img[r:r + 1] *= .45
            c = 3
            while c < w - 4:
                k, hh = int(g.integers(2, 6)), int(g.integers(3, 8))
                img[r - hh:r, c:c + k] = rgb(cool) * g.uniform(.25, 1.) if g.random() < .5 else img[r - hh:r, c:c + k] * g.uniform(.3, .8)
                c += k + int(g.integers(1, 4))
        img[40:] *= .6
        for c in (16, 40, 64):
            img += (np.exp(-(((x - c / w) * w / h) ** 2 + (y - .06) ** 2) / .006))[..., None] * 120
        return poster(np.clip(img, 0, 255), 8)
    return make


def lit_windows(cols, rows, seed, share):
    """Front of a tower at night: a pixel's grid of windows, some lit."""
    def make():
        g = rng(seed)
        img = np.zeros((rows * 4, cols * 4, 3))
        tints = [rgb('#ffcf8a'), rgb('#fff0d2'), rgb('#9fc8ff'), rgb('#ffb45e')]
        for r in range(rows):
            floor_on = g.random() < .15
            for c in range(cols):
                on = g.random() < (.8 if floor_on else share)
                k = tints[int(g.integers(4))] * g.uniform(.35, 1.) if on else rgb('#05070b')
                img[r * 4 + 1:r * 4 + 3, c * 4 + 1:c * 4 + 3] = k
        return poster(img, 15)
    return make


TEX.update({
    'brick_b': brick_picture('#7c4d3e', '#8f877e'), 'brick_n': lambda: normal_from(bricks()[0] + .2 * fbm(128, 128, 32, 32, 82, 2), 1.6, 16),
    'oak_b': plank_picture('#7a5233', '#b98a58'), 'oak_n': lambda: normal_from(planks()[0] * .6 + .12 * wood_h(128, 220), 1.2, 16),
    'plain_b': lambda: np.repeat(poster(165 + 85 * wood_h(128, 240)[..., None], 9), 3, -1),
    'tile_n': lambda: normal_from(np.clip(bricks(64, 4, 2)[0] * 2, 0, 1), 1.4, 12),
    'marble_b': lambda: poster(rgb('#e9e7e3') - 58 * np.clip(1 - np.abs(fbm(128, 128, 3, 3, 410, 5, .55) - .5) * 16, 0, 1)[..., None] ** 2 + (fbm(128, 128, 2, 2, 414, 2)[..., None] - .5) * 16, 7),
    'rubber_b': speckle(64, '#25272a', (('#34373c', 150), ('#4a4f56', 60), ('#35607c', 22)), 5),
    'concrete_b': lambda: np.repeat(poster(196 + 46 * (fbm(128, 128, 4, 4, 430, 4, .55)[..., None] - .5) * 1.6, 6), 3, -1),
    'paver_n': lambda: normal_from(np.clip(bricks(64, 2, 2)[0] * 3, 0, 1), 1.1, 12),
    'asphalt_b': asphalt_picture, 'asphalt_r': asphalt_rough,
    'shop_a': interior(3, '#ffc98a', '#d46a4a'), 'shop_b': interior(9, '#bfe4ff', '#4a90d4'),
    'towers': lit_windows(10, 18, 21, .30),
})


# --------------------------------------------------------------- parts

def quad(a, b, c, d, rep=(1, 1)):
    """Flat face a b c d, counter-clockwise from the lower left; UV 0..1, v downwards."""
    u, w = rep
    return Mesh(np.array([a, b, c, d], float), np.array([(0, 1, 2), (0, 2, 3)]), None,
                np.array([[(0, w), (u, w), (u, 0)], [(0, w), (u, 0), (0, 0)]], float))


def floor(x0, x1, z0, z1, y=0., k=1., n=1):
    m = [quad((x0 + (x1 - x0) * i / n, y, z1), (x0 + (x1 - x0) * (i + 1) / n, y, z1), (x0 + (x1 - x0) * (i + 1) / n, y, z0), (x0 + (x1 - x0) * i / n, y, z0)) for i in range(n)]
    for q in m:
        q.uv = q.v[q.t][..., [0, 2]] * k
    return m


def wall_uv(m, k):
    """Texture by metres: along the wall and up."""
    n = np.abs(norm(m.fn()))
    p = m.v[m.t]
    flat = n[:, 1] > .7
    along = np.where((n[:, 0] > n[:, 2])[:, None], p[..., 2], p[..., 0])
    m.uv = np.stack([np.where(flat[:, None], p[..., 0], along), np.where(flat[:, None], p[..., 2], -p[..., 1])], -1) * k
    return m


def wall(x0, x1, y0, y1, holes=(), t=.25):
    """Wall in the plane z = 0, facing +Z, with rectangular holes (x0, x1, y0, y1) and their reveals; t is its depth."""
    xs = sorted({x0, x1, *[h[0] for h in holes], *[h[1] for h in holes]})
    ys = sorted({y0, y1, *[h[2] for h in holes], *[h[3] for h in holes]})
    out = []
    for i in range(len(xs) - 1):
        for j in range(len(ys) - 1):
            cx, cy = (xs[i] + xs[i + 1]) / 2, (ys[j] + ys[j + 1]) / 2
            if any(h[0] < cx < h[1] and h[2] < cy < h[3] for h in holes):
                continue
            out.append(quad((xs[i], ys[j], 0), (xs[i + 1], ys[j], 0), (xs[i + 1], ys[j + 1], 0), (xs[i], ys[j + 1], 0)))
    for a, b, c, d in holes:
        out += [quad((a, c, 0), (b, c, 0), (b, c, -t), (a, c, -t)), quad((a, d, -t), (b, d, -t), (b, d, 0), (a, d, 0)),
                quad((a, c, 0), (a, c, -t), (a, d, -t), (a, d, 0)), quad((b, c, -t), (b, c, 0), (b, d, 0), (b, d, -t))]
        out[-4].t = out[-4].t
    for m in out:
        cen = m.v.mean(0)
        if any(abs(cen[2] + t / 2) < 1e-6 for _ in (0,)):                 # reveals look into their hole
            h = min(holes, key=lambda q: abs((q[0] + q[1]) / 2 - cen[0]) + abs((q[2] + q[3]) / 2 - cen[1]))
            to = v3((h[0] + h[1]) / 2 - cen[0], (h[2] + h[3]) / 2 - cen[1], 0)
            if m.fn().sum(0) @ to < 0:
                m.t, m.uv = m.t[:, ::-1].copy(), m.uv[:, ::-1].copy()
    return out


def bar(a, b, w=.05):
    a, b = np.asarray(a, float), np.asarray(b, float)
    size = np.abs(b - a) + w
    return box((a + b) / 2, size, min(.006, w / 5))


def frame_grid(x0, x1, y0, y1, nx, ny, w=.05, z=0.):
    """Steel window: a frame with bars."""
    out = []
    for i in range(nx + 1):
        x = x0 + (x1 - x0) * i / nx
        out.append(box((x, (y0 + y1) / 2, z), (w if i in (0, nx) else w * .6, y1 - y0, w), .006))
    for j in range(ny + 1):
        y = y0 + (y1 - y0) * j / ny
        out.append(box(((x0 + x1) / 2, y, z), (x1 - x0, w if j in (0, ny) else w * .6, w * .8), .006))
    return out


# --------------------------------------------------------------- cyclorama

def cyclorama():
    MATS.update({'body': dict(c='#c9cacc', r=.72, fine=True)})
    P = Parts()
    n = 72
    a = np.arange(n + 1) * 2 * PI / n
    flat, R = 11., 3.
    top = 3.0 + 4.0 * (.5 - .5 * np.cos(a)) ** .8          # higher behind the product than behind the camera
    rows = [(r, 0 * a) for r in (.0, 2., 5., 8., flat)]
    for t in np.linspace(0, PI / 2, 15)[1:]:
        rows.append((flat + R * math.sin(t), R * (1 - math.cos(t)) + 0 * a))
    for k in (.35, .7, 1.):
        rows.append((flat + R, R + (top - R).clip(0) * k))
    G = np.stack([np.stack([np.sin(a) * r, h, np.cos(a) * r], -1) for r, h in rows], 1)
    m = grid_mesh(G, crease=80)
    if m.fn()[:, 1].sum() < 0:
        m.t, m.uv = m.t[:, ::-1].copy(), m.uv[:, ::-1].copy()
    P.add('body', m)
    return P, {}, []


# --------------------------------------------------------------- street at night

def facade(kind):
    """Seven metres of a street front in the plane z = 0 that faces +Z."""
    F, G = Parts(), Parts()                                # all of it; what glows, for the reflection on the road
    w, H = 7., {'a': 11., 'b': 14., 'c': 9.5}[kind]
    g = rng({'a': 51, 'b': 52, 'c': 53}[kind])
    wallmat = {'a': 'brick', 'b': 'render', 'c': 'panel'}[kind]
    shop = (.45, w - .45, .45, 3.05) if kind != 'b' else (1.0, w - 2.4, .5, 2.9)
    holes = [shop]
    rows = int((H - 4.2) / 2.9)
    cols = {'a': 3, 'b': 4, 'c': 3}[kind]
    wins = []
    for r in range(rows):
        for c in range(cols):
            cx = w * (c + .5) / cols
            ww, hh = (1.15, 1.75) if kind != 'c' else (1.9, 1.5)
            wins.append((cx - ww / 2, cx + ww / 2, 4.55 + 2.9 * r, 4.55 + 2.9 * r + hh))
    if kind == 'b':
        holes.append((w - 1.9, w - .8, .05, 2.5))
    F.add(wallmat, *[wall_uv(m, .9) for m in wall(0, w, 0, H, holes + wins, .22)])
    lit = lambda q, mat, z: (F.add(mat, quad((q[0], q[2], z), (q[1], q[2], z), (q[1], q[3], z), (q[0], q[3], z))), G.add('r_' + mat, quad((q[0], q[2], z), (q[1], q[2], z), (q[1], q[3], z), (q[0], q[3], z))))
    lit(shop, 'shop_warm' if kind != 'b' else 'shop_cool', -.6)
    F.add('dark', quad((shop[0], shop[2], -.6), (shop[1], shop[2], -.6), (shop[1], shop[2], 0), (shop[0], shop[2], 0)))
    for i in range(1, 4):
        x = shop[0] + (shop[1] - shop[0]) * i / 4
        F.add('iron', box((x, (shop[2] + shop[3]) / 2, -.10), (.06, shop[3] - shop[2], .06), .008))
    F.add('iron', box(((shop[0] + shop[1]) / 2, shop[3] - .55, -.10), (shop[1] - shop[0], .06, .06), .008))
    F.add('stone', box((w / 2, .22, .03), (w, .44, .10), .01), box((w / 2, 3.95, .06), (w, .18, .20), .02), box((w / 2, H - .12, .12), (w, .30, .34), .04))
    if kind == 'b':
        lit((w - 1.85, w - .85, 1.4, 2.45), 'win_warm', -.18)
        F.add('door', box((w - 1.35, .75, -.15), (1.05, 1.35, .06), .01))
    for q in wins:
        k = g.random()
        mat = 'win_warm' if k < .38 else 'win_cool' if k < .50 else 'win_dark'
        F.add(mat, quad((q[0], q[2], -.18), (q[1], q[2], -.18), (q[1], q[3], -.18), (q[0], q[3], -.18)))
        F.add('iron', box(((q[0] + q[1]) / 2, (q[2] + q[3]) / 2, -.14), (.05, q[3] - q[2], .05), 0), box(((q[0] + q[1]) / 2, q[2] + (q[3] - q[2]) * .6, -.14), (q[1] - q[0], .05, .05), 0))
        F.add('stone', box(((q[0] + q[1]) / 2, q[2] - .06, .04), (q[1] - q[0] + .2, .10, .16), .012))
    # signs
    sign = {'a': 'neon_pink', 'b': 'neon_cyan', 'c': 'neon_amber'}[kind]
    if kind == 'a':
        F.add('dark', box((w / 2, 3.5, .08), (w - 1., .55, .12), .02))
        for i in range(5):
            s = box((1.5 + i, 3.5, .16), (.62 if i % 2 else .30, .20, .03), .01)
            F.add(sign, s)
            G.add('r_' + sign, s)
        F.add('awning', *[orient(Mesh(np.array([(.35 + i * .7, 3.15, .05), (.35 + i * .7 + .7, 3.15, .05), (.35 + i * .7 + .7, 2.72, 1.1), (.35 + i * .7, 2.72, 1.1)]), np.array([(0, 3, 2), (0, 2, 1)]))) for i in range(0, 9, 2)])
        F.add('awning_b', *[orient(Mesh(np.array([(.35 + i * .7, 3.15, .05), (.35 + i * .7 + .7, 3.15, .05), (.35 + i * .7 + .7, 2.72, 1.1), (.35 + i * .7, 2.72, 1.1)]), np.array([(0, 3, 2), (0, 2, 1)]))) for i in range(1, 9, 2)])
    else:
        y = 5.6 if kind == 'b' else 4.6
        F.add('dark', box((.35, y + .5, .55), (.14, 2.3, .85), .03))
        for i in range(4):
            s = box((.35, y - .35 + .55 * i, .55), (.17, .34, .56 if i % 2 else .34), .02)
            F.add(sign, s)
            G.add('r_' + sign, s)
        ring_ = torus(.42, .035, 20, 5).xf(E(90), (w * .62, 3.5, .10))
        F.add(sign, ring_, box((w * .62, 3.5, .10), (.07, .45, .05), .01))
        G.add('r_' + sign, ring_)
    return F, G


def street_night():
    glow = dict(shop_warm=('#ffffff', 1.7, 'shop_a'), shop_cool=('#ffffff', 1.5, 'shop_b'), win_warm=('#ffc27a', .95, None), win_cool=('#a9cfff', .7, None),
                neon_pink=('#ff3f8e', 4., None), neon_cyan=('#35e0ff', 3.6, None), neon_amber=('#ffa53a', 3.8, None), lamp_head=('#ffd9a0', 9., None), far_red=('#ff2a1a', 4., None), far_white=('#fff2d8', 5., None), far_green=('#38ff9a', 4., None))
    for k, (c, s, tex) in glow.items():
        MATS[k] = dict(c='#0a0a0c', e=c, es=s, r=.3, **({'etex': tex} if tex else {}))
        MATS['r_' + k] = dict(c='#8a8a8a' if tex else c, unlit=True, two=True, **({'tex': tex} if tex else {}))
    MATS.update({
        'body': dict(tex='asphalt_b', mr='asphalt_r', r=1., a=.999), 'kerb': dict(c='#4a4b4f', r=.35), 'pavement': dict(c='#3a3b40', r=.28, nrm='paver_n', ns=.4), 'line': dict(c='#b9b6aa', r=.35),
        'brick': dict(tex='brick_b', nrm='brick_n', r=.85), 'render': dict(c='#4d5560', tex='concrete_b', r=.85), 'panel': dict(c='#3b3a44', tex='concrete_b', r=.6), 'stone': dict(c='#6d6a66', r=.7), 'iron': dict(c='#15161a', m=.6, r=.4),
        'dark': dict(c='#08090b', r=.5), 'door': dict(c='#29443f', r=.4), 'win_dark': dict(c='#0b0f16', r=.08), 'awning': dict(c='#8d2335', r=.8, two=True), 'awning_b': dict(c='#cfc6b4', r=.8, two=True), 'bin': dict(c='#20342c', r=.5)})
    P = Parts()
    X, z0, z1 = 8.6, -62., 26.
    road = 5.6
    P.add('body', *[m for i in range(8) for m in floor(-road, road, z0 + (z1 - z0) * i / 8, z0 + (z1 - z0) * (i + 1) / 8, 0, 1 / 4.2)])
    for sx in (-1, 1):
        P.add('kerb', box((sx * (road + .12), .05, (z0 + z1) / 2), (.24, .18, z1 - z0), .03))
        xa, xb = sorted((sx * (road + .24), sx * X))
        P.add('pavement', *floor(xa, xb, z0, z1, .135, .8))
    for i in range(15):
        z = z1 - 3 - i * 6.
        for x in (-.01,):
            if abs(z) > 3.2:
                P.add('line', *floor(x - .07, x + .07, z - 1.5, z + 1.5, .004))
    for i in range(7):
        P.add('line', *floor(-4.6 + i * 1.4, -3.8 + i * 1.4, -21.5, -18.2, .004))
    # fronts along both sides and across the far ends
    mods = {k: facade(k) for k in 'abc'}
    at = {k: [] for k in 'abc'}
    order = 'acbabcacbabcb'
    for i in range(12):
        z = z1 - 7 * (i + 1)
        at[order[i]].append((v3(-X, .135, z + 7), E(0, 90)))
        at[order[(i + 5) % 13]].append((v3(X, .135, z), E(0, -90)))
    for i in range(3):
        at[order[i + 2]].append((v3(-10.5 + 7 * i, .135, z0 - 1), E()))
        at[order[i + 4]].append((v3(10.5 - 7 * i, .135, z1 + 1), E(0, 180)))
    inst = []
    for k in 'abc':
        inst.append(('front_' + k, mods[k][0], [(t, R, 1.) for t, R in at[k]]))
        inst.append(('mirror_' + k, mods[k][1], [(t * v3(1, -1, 1), R, (1, -1.3, 1)) for t, R in at[k]]))
    # street lamps
    L, M = Parts(), Parts()
    L.add('iron', turned([(0, 0), (.14, 0, .02), (.14, .35, .04), (.075, .45, .05), (.055, 4.6), (0, 4.6)], 12, 2))
    L.add('iron', orient(tube(smooth_line([v3(0, 4.5, 0), v3(0, 5.2, .1), v3(0, 5.45, .7), v3(0, 5.4, 1.3)], 9), .045, 7)))
    L.add('iron', box((0, 5.40, 1.5), (.26, .09, .62), .03))
    L.add('lamp_head', box((0, 5.345, 1.5), (.20, .03, .52), 0))
    M.add('r_lamp_head', box((0, 5.345, 1.5), (.20, .03, .52), 0))
    lamps = [(v3(sx * (road + .55), .135, z), E(0, -90 * sx)) for z in (-4.5, -18, -33, -48, 12) for sx in (-1, 1)]
    inst.append(('lamp', L, [(t, R, 1.) for t, R in lamps]))
    inst.append(('mirror_lamp', M, [(t * v3(1, -1, 1), R, (1, -1, 1)) for t, R in lamps]))
    # far traffic
    for i, (x, y, z, m) in enumerate(((-2.6, .7, -50, 'far_white'), (-1.6, .7, -50, 'far_white'), (2.0, .8, -44, 'far_red'), (3.1, .8, -44, 'far_red'), (1.4, .75, -57, 'far_red'), (2.3, .75, -57, 'far_red'), (-5.2, 4.4, -22, 'far_green'), (5.2, 4.4, -22, 'far_red'))):
        r = .10
        P.add(m, ball(r, 10, 6, (x, y, z)))
        P.add('r_' + m, ball(r * 1.4, 8, 5, (x, -y, z), 1., 2.2))
        if y > 2:
            P.add('iron', cyl(.05, 4.7, 8, .135, .01).xf(t=(x * 1.06, 0, z)), box((x, 4.35, z - .08), (.24, .62, .14), .03))
    inst.append(('litter_bin', Parts().add('bin', cyl(.24, .85, 14, .135, .03)), [(v3(sx * 6.9, 0, z), None, 1.) for sx, z in ((1, -8.), (-1, -12.5), (1, 5.))]))
    inst.append(('bollard', Parts().add('iron', cyl(.05, .8, 8, .135, .02)), [(v3(sx * (road + .42), 0, 7.9 - i * 2.25), None, 1.) for i in range(9) for sx in (-1, 1)]))
    return P, {'mark_a': (-1.3, 0, -.6), 'mark_b': (1.3, 0, -.6), 'mark_enter': (-3.5, 0, -6)}, inst


# --------------------------------------------------------------- loft

def upright_disc(r, x, y, z):
    """Flat disc that faces +Z."""
    return plate(circle(r, 28), .002, 0, 1).xf(E(90), (x, y, z))


def loft():
    MATS.update({
        'body': dict(c='#b9b2a8', tex='concrete_b', r=.9), 'brick': dict(tex='brick_b', nrm='brick_n', ns=.7, r=.9), 'floor': dict(tex='oak_b', nrm='oak_n', ns=.7, r=.42), 'steel': dict(c='#1c1e21', m=.6, r=.45), 'beam': dict(c='#8a6a4a', tex='plain_b', r=.7),
        'ceiling': dict(c='#d8d2c6', r=.95), 'skirting': dict(c='#2a2b2d', r=.6), 'sofa': dict(c='#4f5b52', r=.95), 'wood': dict(c='#8c5f3c', tex='plain_b', r=.45), 'pot': dict(c='#d9d4ca', r=.5), 'leaf': dict(c='#3f6b3a', r=.6, two=True),
        'lamp_shade': dict(c='#e9dfcc', e='#ffd9a8', es=.9, r=.9), 'bulb': dict(c='#fff0d8', e='#ffd29a', es=7., r=.6), 'brass': dict(c='#c29a55', m=1., r=.3), 'rug': dict(c='#b3a58e', r=1.), 'art': dict(c='#d9d3c4', r=.7), 'art_b': dict(c='#c4552f', r=.7), 'art_c': dict(c='#27394a', r=.7),
        'book': dict(c='#6a4a3c', r=.8)})
    P = Parts()
    X, zb, zf, H = 5.6, -5.2, 8.6, 4.2
    P.add('floor', *floor(-X, X, zb, zf, 0, 1 / .95))
    # back wall with one wide window, right wall with three, left wall of brick
    back = [(-1.2, 3.9, .85, 3.45)]
    P.add('brick', *[wall_uv(m, 1 / .78).xf(t=(0, 0, zb)) for m in wall(-X, X, 0, H, back, .35)])
    side = [(-4.3, -1.9, .55, 3.55), (-1.0, 1.4, .55, 3.55), (2.3, 4.7, .55, 3.55)]
    P.add('body', *[wall_uv(m, .4).xf(E(0, -90), (X, 0, 0)) for m in wall(zb, zf, 0, H, side, .35)])
    P.add('brick', *[wall_uv(m, 1 / .78).xf(E(0, 90), (-X, 0, 0)) for m in wall(-zf, -zb, 0, H)])
    for a, b, c, d in back:
        P.add('steel', *[m.xf(t=(0, 0, zb - .16)) for m in frame_grid(a, b, c, d, 6, 4, .06)])
        P.add('wood', box(((a + b) / 2, c - .03, zb + .03), (b - a + .3, .06, .30), .01))
    for a, b, c, d in side:
        P.add('steel', *[m.xf(E(0, -90), (X + .16, 0, 0)) for m in frame_grid(a, b, c, d, 3, 5, .06)])
        P.add('wood', box((X - .02, c - .03, (a + b) / 2), (.26, .06, b - a + .24), .01))
    # front wall behind the camera: a steel door, a sideboard with a lamp, a large picture
    fr = lambda m: m.xf(E(0, 180), (0, 0, zf))
    P.add('body', *[fr(wall_uv(m, .4)) for m in wall(-X, X, 0, H)])
    P.add('steel', fr(box((-3.4, 1.15, .03), (1.9, 2.3, .07), .01)), *[fr(m) for m in frame_grid(-4.3, -2.5, .05, 2.25, 2, 4, .05, .07)])
    P.add('wood', fr(box((1.6, .42, .28), (2.4, .50, .44), .012)), *[fr(box((1.6 + sx * 1.05, .09, .28 + sz * .15), (.05, .18, .05), .006)) for sx in (-1, 1) for sz in (-1, 1)])
    P.add('steel', *[fr(box((.8 + .8 * i, .42, .502), (.012, .44, .006), .002)) for i in range(3)], fr(box((1.6, 2.0, .03), (1.9, 1.3, .05), .008)))
    P.add('art', fr(box((1.6, 2.0, .035), (1.84, 1.24, .05), .002)))
    P.add('art_c', fr(upright_disc(.42, 1.25, 2.0, .0615)))
    P.add('art_b', fr(upright_disc(.26, 1.95, 1.85, .0620)))
    P.add('pot', fr(turned([(0, .67), (.07, .67, .01), (.12, .82, .06), (.05, .98, .03), (.06, 1.02), (0, 1.01)], 18, 3).xf(t=(2.4, 0, .28))))
    # beams, columns, pipe, ceiling seen from below
    P.add('ceiling', quad((-X, H, zb), (X, H, zb), (X, H, zf), (-X, H, zf)))
    for i in range(7):
        P.add('beam', wall_uv(box((0, H - .13, zb + .9 + i * 1.95), (2 * X, .24, .17), .012), .8))
    P.add('steel', box((0, H - .36, -2.6), (2 * X, .22, .06), .005), box((0, H - .26, -2.6), (2 * X, .02, .20), .004), box((0, H - .46, -2.6), (2 * X, .02, .20), .004))
    for x in (-4.9, 4.9):
        P.add('steel', box((x, (H - .46) / 2, -2.6), (.20, H - .46, .02), .004), box((x - .1, (H - .46) / 2, -2.6), (.02, H - .46, .20), .004), box((x + .1, (H - .46) / 2, -2.6), (.02, H - .46, .20), .004), box((x, .01, -2.6), (.34, .02, .34), .004))
    P.add('steel', orient(tube(smooth_line([v3(-X + .15, H - .2, zb + .2), v3(-X + .15, H - .2, 2.), v3(-X + .15, H - .2, zf)], 6), .07, 10)), orient(tube(np.array([v3(-X + .12, 0, zb + .16), v3(-X + .12, H, zb + .16)]), .05, 10)))
    P.add('skirting', box((0, .07, zb + .015), (2 * X, .14, .03), .006), box((-X + .015, .07, (zb + zf) / 2), (.03, .14, zf - zb), .006), box((X - .015, .07, (zb + zf) / 2), (.03, .14, zf - zb), .006))
    # sofa against the left wall, coffee table with the second mark, lamp, plant, pictures, shelf
    s = lambda m: m.xf(E(0, 62), (-4.25, 0, -3.35))
    P.add('sofa', *[s(rbox(c, z, r, 2)) for c, z, r in (((0, .30, 0), (2.2, .22, .90), .06), ((-.51, .47, .04), (1.0, .18, .80), .07), ((.51, .47, .04), (1.0, .18, .80), .07), ((0, .60, -.40), (2.2, .55, .20), .08), ((-1.05, .45, 0), (.22, .50, .92), .08), ((1.05, .45, 0), (.22, .50, .92), .08))])
    P.add('art_b', s(rbox((-.65, .68, -.20), (.45, .42, .14), .065, 2, E(-14, 10, 8))))
    P.add('wood', *[s(cyl(.022, .2, 8).xf(t=(x, 0, z))) for x in (-1., 1.) for z in (-.36, .36)])
    P.add('rug', *floor(-4.9, -1.6, -3.9, -1.4, .012, 6))
    tx, tz, th = -2.75, -2.35, .46
    P.add('wood', plate(circle(.48, 36), .045, .014, 3, th - .045).xf(t=(tx, 0, tz)))
    P.add('steel', *[orient(tube(np.array([v3(tx + math.sin(a) * .34, 0, tz + math.cos(a) * .34), v3(tx + math.sin(a) * .22, th - .04, tz + math.cos(a) * .22)]), .014, 8)) for a in (.5, 2.6, 4.7)])
    lx, lz = -1.9, -4.6
    P.add('brass', turned([(0, 0), (.17, 0, .01), (.17, .02, .008), (.016, .035, .01), (.012, 1.5), (0, 1.5)], 20, 2).xf(t=(lx, 0, lz)))
    P.add('lamp_shade', lathe([(.24, 1.38), (.17, 1.72)], 24, crease=80).xf(t=(lx, 0, lz)))
    P.add('bulb', ball(.05, 12, 8, (lx, 1.5, lz)))
    px, pz = 4.75, -4.35
    P.add('pot', turned([(0, 0), (.20, 0, .02), (.27, .42, .04), (.25, .43, .01), (.22, .36), (0, .36)], 22, 3).xf(t=(px, 0, pz)))
    g = rng(71)
    for i in range(16):
        a, l = g.uniform(0, 2 * PI), g.uniform(.7, 1.25)
        d = v3(math.sin(a), 0, math.cos(a))
        p = smooth_line([v3(0, .36, 0), d * .10 * l + v3(0, .36 + .5 * l, 0), d * .34 * l + v3(0, .36 + .85 * l, 0), d * .62 * l + v3(0, .36 + .78 * l, 0)], 8)
        P.add('leaf', orient(tube(p + v3(px, 0, pz), np.array([.012, .018, .04, .075, .09, .075, .045, .004]) * l, 4, flat=.12)))
    for x, w, h, m in ((-4.55, .72, .95, 'art_c'), (-3.55, .60, .60, 'art_b')):
        y = 2.2
        P.add('steel', box((x, y, zb + .025), (w, h, .04), .006))
        P.add('art', box((x, y, zb + .03), (w - .05, h - .05, .04), 0))
        P.add(m, upright_disc(.17, x, y, zb + .0505))
    P.add('wood', box((-X + .20, 1.75, 2.2), (.30, .04, 2.0), .008), box((-X + .20, 2.25, 2.2), (.30, .04, 2.0), .008))
    for i in range(22):
        h = g.uniform(.2, .32)
        P.add(('book', 'art_c', 'art_b', 'pot')[int(g.integers(4))], box((-X + .20, 1.77 + h / 2 + (.5 if i > 11 else 0), 1.35 + (i % 12) * .062), (.20, h, .045), .004))
    # three lamps on cables
    for x in (-1.3, 0., 1.3):
        P.add('steel', orient(tube(np.array([v3(x, 2.95, -4.35), v3(x, H, -4.35)]), .006, 6)))
        P.add('steel', lathe([(.20, 2.72), (.16, 2.82), (.05, 2.93), (.02, 2.97), (0, 2.97)], 22, crease=60).xf(t=(x, 0, -4.35)))
        P.add('bulb', ball(.055, 12, 8, (x, 2.77, -4.35)))
    return P, {'mark_table': (tx, th, tz), 'mark_a': (-1.0, 0, -.5), 'mark_b': (1.0, 0, -.5), 'mark_c': (0, 0, -2.2), 'mark_enter': (3.6, 0, 2.0)}, []


# --------------------------------------------------------------- kitchen

def kitchen():
    MATS.update({
        'body': dict(c='#2f4a4a', r=.45), 'stone': dict(tex='marble_b', r=.14), 'floor': dict(tex='oak_b', nrm='oak_n', ns=.6, r=.45), 'wall': dict(c='#e8e4dc', r=.9), 'tile': dict(c='#eef0ec', nrm='tile_n', ns=.8, r=.16), 'steel': dict(c='#c3c6c9', m=1., r=.3),
        'brass': dict(c='#c8a15c', m=1., r=.25), 'wood': dict(c='#b98a5c', tex='plain_b', r=.5), 'black': dict(c='#101113', r=.12), 'pot': dict(c='#d7cfc2', r=.4), 'terracotta': dict(c='#b5653f', r=.8), 'leaf': dict(c='#4c7a3c', r=.6, two=True),
        'bulb': dict(c='#fff2dc', e='#ffd9a4', es=6., r=.6), 'shade': dict(c='#2f4a4a', r=.35), 'shade_in': dict(c='#f4e7cc', e='#ffdfae', es=.6, r=.5), 'glass': dict(c='#dfeaea', a=.25, r=.04), 'oil': dict(c='#c9a02a', a=.7, r=.05), 'fruit': dict(c='#e0a91f', r=.4), 'led': dict(c='#fff0d8', e='#ffe2b4', es=2.2, r=.6), 'ceiling': dict(c='#f1eee8', r=.95)})
    P = Parts()
    F = -.92                                              # the floor: the island's top is y = 0
    X, zb, zf, H = 4.4, -3.3, 6.2, F + 2.75
    P.add('floor', *[m for m in floor(-X, X, zb, zf, F, 1 / .95)])
    # island
    top = rrect(2.9, 1.25, .012, 2, (0, .12))
    P.add('stone', _planar(plate(top, .040, .005, 2, -.040), .55))
    P.add('body', box((0, (F + .10 - .04) / 2, -.12), (2.7, -.04 - F - .10, 1.0), .004))
    P.add('black', box((0, F + .05, -.12), (2.6, .10, .92), .004))
    for i in range(4):
        P.add('body', box((-1.005 + .67 * i, F + .47, .385), (.64, .70, .02), .004))
        P.add('brass', box((-1.005 + .67 * i, F + .70, .41), (.16, .012, .016), .004))
    for x in (-.8, 0., .8):                               # stools behind the island
        P.add('wood', plate(circle(.17, 28), .04, .014, 3, -.26).xf(t=(x, 0, -1.02)))
        P.add('black', *[orient(tube(np.array([v3(x + sx * .17, F, -1.02 + sz * .17), v3(x + sx * .10, -.26, -1.02 + sz * .10)]), .011, 6)) for sx in (-1, 1) for sz in (-1, 1)])
    # walls: a window above the sink, on the left
    win = [(-3.4, -1.7, .22, 1.45)]
    P.add('wall', *[m.xf(t=(0, 0, zb)) for m in wall(-X, X, F, H, win, .2)])
    P.add('wall', *[m.xf(E(0, 90), (-X, 0, 0)) for m in wall(-zf, -zb, F, H, [(-1.2, 1.6, F + .9, F + 2.3)], .2)])
    P.add('wall', *[m.xf(E(0, -90), (X, 0, 0)) for m in wall(zb, zf, F, H)])
    P.add('ceiling', quad((-X, H, zb), (X, H, zb), (X, H, zf), (-X, H, zf)))
    # front wall behind the camera: a doorway with light behind it, a tall cupboard, a picture
    fr = lambda m: m.xf(E(0, 180), (0, 0, zf))
    P.add('wall', *[fr(m) for m in wall(-X, X, F, H, [(-2.9, -1.6, F, F + 2.15)], .3)])
    P.add('shade_in', fr(quad((-2.9, F, -.3), (-1.6, F, -.3), (-1.6, F + 2.15, -.3), (-2.9, F + 2.15, -.3))))
    P.add('wood', *[fr(box(c, s, .008)) for c, s in (((-2.95, F + 1.08, .0), (.10, 2.2, .06)), ((-1.55, F + 1.08, 0), (.10, 2.2, .06)), ((-2.25, F + 2.2, 0), (1.5, .10, .06)))])
    P.add('body', *[fr(box((1.2 + .72 * i, F + 1.15, .30), (.71, 2.1, .58), .006)) for i in range(4)])
    P.add('brass', *[fr(box((1.2 + .72 * i + (.28 if i % 2 == 0 else -.28), F + 1.15, .60), (.016, .34, .018), .004)) for i in range(4)])
    P.add('wood', fr(box((-.35, F + 1.62, .02), (.95, .75, .04), .006)))
    P.add('wall', fr(box((-.35, F + 1.62, .024), (.89, .69, .04), .002)))
    P.add('terracotta', fr(upright_disc(.19, -.50, F + 1.62, .046)))
    P.add('body', fr(upright_disc(.12, -.20, F + 1.52, .0465)))
    P.add('wood', *[m.xf(t=(0, 0, zb - .10)) for m in frame_grid(*win[0], 2, 1, .06)], *[m.xf(E(0, 90), (-X - .10, 0, 0)) for m in frame_grid(-1.2, 1.6, F + .9, F + 2.3, 3, 1, .06)])
    P.add('tile', *[wall_uv(quad((a, 0, zb + .006), (b, 0, zb + .006), (b, c, zb + .006), (a, c, zb + .006)), 2.6) for a, b, c in ((-4.4, 4.4, .22), (-1.7, 4.4, 1.05))])
    # base units, worktop, sink, hob, oven
    P.add('black', box((0, F + .05, zb + .30), (2 * X, .10, .52), .004))
    n = 13
    w = 2 * X / n
    for i in range(n):
        x = -X + w * (i + .5)
        if i in (8, 9):
            continue
        P.add('body', box((x, F + .48, zb + .595), (w - .006, .74, .02), .004))
        P.add('brass', box((x, F + .76, zb + .615), (.14, .012, .016), .004))
    P.add('wall', box((0, F + .47, zb + .29), (2 * X - .02, .76, .57), 0))
    P.add('stone', _planar(box((0, -.02, zb + .31), (2 * X, .04, .64), .005), .55))
    ox = -X + w * 9
    P.add('steel', box((ox, F + .48, zb + .60), (2 * w - .01, .74, .02), .004), box((ox, F + .80, zb + .64), (.50, .018, .018), .006))
    P.add('black', box((ox, F + .42, zb + .612), (1.05, .44, .006), .01), plate(rrect(.78, .50, .02, 3), .006, .002, 1, .0).xf(t=(ox, 0, zb + .31)))
    P.add('steel', orient(tube(smooth_line([v3(-2.5, 0, zb + .14), v3(-2.5, .30, zb + .14), v3(-2.5, .42, zb + .20), v3(-2.5, .40, zb + .34), v3(-2.5, .30, zb + .36)], 14), .014, 10)), cyl(.026, .05, 16, 0, .004).xf(t=(-2.5, 0, zb + .14)))
    P.add('black', plate(rrect(.62, .40, .04, 3), .003, .001, 1, 0).xf(t=(-2.5, 0, zb + .36)))
    # hood, shelves with jars, a light strip
    P.add('body', box((ox, 1.32, zb + .22), (1.25, .60, .44), .01))
    P.add('steel', box((ox, 1.00, zb + .24), (1.30, .05, .50), .008))
    g = rng(83)
    store = {}
    for name, m in (('jar', 'pot'), ('crock', 'terracotta'), ('glass_jar', 'glass')):
        store[name] = (Parts().add(m, lathe(fillet([(0, 0), (.05, 0, .01), (.05, .12, .02), (.035, .135, .01), (.035, .15), (0, .15)], 2), 16)), [])
    store['bowls'] = (Parts().add('pot', lathe(fillet([(0, 0), (.04, 0), (.075, .03), (.072, .032), (.04, .008), (0, .006)], 1), 18)), [])
    store['mug'] = (Parts().add('pot', lathe(fillet([(0, 0), (.042, 0, .008), (.042, .09), (.038, .09), (.038, .01), (0, .01)], 2), 16)), [])
    for a, b in ((-1.55, .95), (2.75, 4.3)):
        for y in (.52, .92):
            P.add('wood', wall_uv(box(((a + b) / 2, y, zb + .15), (b - a, .035, .26), .005), .8))
            P.add('brass', *[box((x, y - .06, zb + .05), (.02, .10, .02), .002) for x in (a + .1, b - .1)])
            x = a + .12
            while x < b - .1:
                k = g.random()
                at = v3(x, y + .0175, zb + .15)
                if k < .4:
                    f = g.uniform(.8, 1.25)
                    store[('jar', 'crock', 'glass_jar')[int(g.integers(3))]][1].append((at, None, (f, f * g.uniform(.8, 1.3), f)))
                    x += .10 * f + .03
                elif k < .7:
                    store['bowls'][1].extend([(at + v3(.05, .012 * i, 0), None, 1.) for i in range(4)])
                    x += .19
                else:
                    store['mug'][1].append((at, None, 1.))
                    x += .12
        P.add('led', box(((a + b) / 2, .495, zb + .10), (b - a - .1, .012, .02), 0))
    # on the worktop: board, oil, plant; on the island's far end: a bowl of fruit
    P.add('wood', wall_uv(rbox((.4, .17, zb + .08), (.30, .38, .022), .009, 2, E(-10)), 2), wall_uv(rbox((.62, .14, zb + .12), (.24, .30, .02), .009, 2, E(-12)), 2))
    P.add('oil', turned([(0, 0), (.035, 0, .006), (.035, .17, .03), (.012, .22, .01), (.012, .28), (0, .28)], 18, 3).xf(t=(-.2, 0, zb + .2)))
    for px, pz, y in ((-3.05, zb + .10, .255), (-1.95, zb + .10, .255)):
        P.add('terracotta', turned([(0, 0), (.05, 0, .006), (.065, .10), (.07, .10, .003), (.07, .125, .003), (0, .12)], 18, 2).xf(t=(px, y, pz)))
        for i in range(13):
            a = g.uniform(0, 2 * PI)
            d = v3(math.sin(a), 0, math.cos(a)) * g.uniform(.3, 1)
            p = smooth_line([v3(0, .11, 0), d * .03 + v3(0, .19, 0), d * .09 + v3(0, .25, 0), d * .13 + v3(0, .23, 0)], 5)
            P.add('leaf', orient(tube(p + v3(px, y, pz), np.array([.004, .012, .022, .018, .001]), 4, flat=.2)))
    bx, bz = -1.12, -.14
    P.add('pot', lathe(fillet([(0, 0), (.06, 0, .01), (.155, .075, .05), (.150, .078), (.055, .012, .02), (0, .010)], 4), 30).xf(t=(bx, 0, bz)))
    for dx, dz, y in ((-.05, .02, .062), (.045, .035, .060), (.0, -.055, .062), (.01, .0, .110)):
        P.add('fruit', ball(.042, 16, 10, (bx + dx, y, bz + dz), 1., 1.18))
    # lamps over the island
    for x in (-1.0, 1.0):
        z, y = -.45, .98
        P.add('black', orient(tube(np.array([v3(x, y + .2, z), v3(x, H, z)]), .005, 6)))
        P.add('shade', lathe([(.19, y), (.185, y + .02), (.12, y + .12), (.04, y + .18), (.02, y + .22), (0, y + .22)], 30, crease=60).xf(t=(x, 0, z)))
        inner = lathe([(.186, y + .002), (.118, y + .116), (.038, y + .176), (0, y + .178)][::-1], 30, crease=60)
        P.add('shade_in', inner.xf(t=(x, 0, z)))
        P.add('bulb', ball(.045, 14, 10, (x, y + .06, z)))
        P.add('brass', torus(.19, .004, 36, 6).xf(t=(x, y, z)))
    return P, {'mark_a': (-.9, F, -1.5), 'mark_b': (.9, F, -1.5), 'mark_enter': (3.6, F, -1.5), 'mark_floor': (1.9, F, 1.4)}, [(n, p, at) for n, (p, at) in store.items() if at]


def _planar(m, k):
    m.uv = m.v[m.t][..., [0, 2]] * k
    return m


# --------------------------------------------------------------- gym

def gym():
    MATS.update({
        'body': dict(c='#2b3138', r=.85), 'floor': dict(tex='rubber_b', r=.75), 'turf': dict(c='#1f5a4a', r=1.), 'line': dict(c='#d8dad4', r=.7), 'brick': dict(c='#bfc2c6', tex='brick_b', nrm='brick_n', r=.9), 'mirror': dict(c='#cfd6da', m=1., r=.03), 'steel': dict(c='#1b1d20', m=.5, r=.4),
        'chrome': dict(c='#d3d6d9', m=1., r=.2), 'plate_w': dict(c='#141517', r=.6), 'plate_r': dict(c='#b02a25', r=.5), 'plate_b': dict(c='#20528f', r=.5), 'plate_y': dict(c='#d8a21c', r=.5), 'wood': dict(c='#d6ae7c', tex='plain_b', r=.55),
        'tube_light': dict(c='#f4f8ff', e='#eaf2ff', es=5., r=.5), 'accent': dict(c='#ff5a2a', e='#ff4a18', es=1.6, r=.4), 'pad': dict(c='#15171a', r=.5), 'ceiling': dict(c='#17191c', r=.95), 'duct': dict(c='#8f959b', m=.9, r=.4), 'ball_m': dict(c='#27292d', r=.6), 'ball_b': dict(c='#8e3b26', r=.6)})
    P = Parts()
    X, zb, zf, H = 6.0, -5.4, 8.6, 4.0
    P.add('floor', *floor(-X, X, zb, zf, 0, 3.2))
    P.add('turf', *floor(2.9, 5.2, zb + .6, zf, .006, 8))
    for x in (2.84, 5.26):
        P.add('line', *floor(x - .04, x + .04, zb + .6, zf, .007))
    # back wall with mirrors, side walls, ceiling with ducts and light tubes
    P.add('body', *[m.xf(t=(0, 0, zb)) for m in wall(-X, X, 0, H)])
    P.add('brick', *[wall_uv(m, 1 / .78).xf(E(0, 90), (-X, 0, 0)) for m in wall(-zf, -zb, 0, H)])
    win = [(-3.6, -.8, 1.5, 3.3), (.4, 3.2, 1.5, 3.3)]
    P.add('body', *[m.xf(E(0, -90), (X, 0, 0)) for m in wall(zb, zf, 0, H, win, .3)])
    for q in win:
        P.add('steel', *[m.xf(E(0, -90), (X + .14, 0, 0)) for m in frame_grid(*q, 4, 2, .05)])
    for i in range(4):
        P.add('mirror', quad((-3.5 + i * 1.62, .45, zb + .03), (-1.92 + i * 1.62, .45, zb + .03), (-1.92 + i * 1.62, 2.75, zb + .03), (-3.5 + i * 1.62, 2.75, zb + .03)))
    P.add('steel', box((-.29, .43, zb + .03), (6.5, .05, .06), .006), box((-.29, 2.77, zb + .03), (6.5, .05, .06), .006))
    P.add('accent', box((-.29, 2.98, zb + .05), (6.5, .045, .03), .004), box((-X + .05, 2.98, .2), (.03, .045, 8.), .004))
    P.add('ceiling', quad((-X, H, zb), (X, H, zb), (X, H, zf), (-X, H, zf)))
    for x in (-2.6, 2.2):
        P.add('duct', orient(tube(np.array([v3(x, H - .38, zb), v3(x, H - .38, zf)]), .24, 16)))
    # front wall behind the camera: lockers, a line of light, a round emblem
    fr = lambda m: m.xf(E(0, 180), (0, 0, zf))
    P.add('body', *[fr(m) for m in wall(-X, X, 0, H)])
    P.add('accent', fr(box((0, 2.98, .03), (2 * X - .4, .045, .03), .004)), fr(torus(.46, .03, 32, 6).xf(E(90), (3.6, 1.75, .04))))
    P.add('steel', fr(box((3.6, 1.75, .03), (.06, .62, .03), .01)))
    L = Parts()
    L.add('plate_b', box((0, .98, .24), (.385, 1.86, .46), .008))
    L.add('steel', box((.13, 1.05, .475), (.02, .12, .015), .004), *[box((0, 1.68 + .045 * i, .472), (.20, .012, .006), .002) for i in range(3)], box((0, .025, .24), (.39, .05, .44), .004))
    inst = [('locker', L, [(v3(4.6 - .39 * i, 0, zf), E(0, 180), 1.) for i in range(15)])]
    P.add('wood', fr(box((-1.7, .44, .95), (4.6, .05, .36), .01)))
    P.add('steel', *[fr(box((-1.7 + dx, .21, .95), (.06, .42, .30), .006)) for dx in (-2.1, 0, 2.1)])
    T = Parts()
    T.add('steel', box((0, .04, 0), (.16, .06, 2.5), .01))
    T.add('tube_light', box((0, 0, 0), (.11, .03, 2.44), .006))
    inst.append(('light', T, [(v3(x, H - .8, z), None, 1.) for x in (-4.1, -.9, 2.9) for z in (-3.3, .2, 3.7)]))
    # dumbbell rack under the mirrors
    D = Parts()
    D.add('chrome', cyl(.016, .14, 12, -.07, .002).xf(E(0, 0, 90)))
    hexa = lambda x0, s: plate(np.stack([np.cos(np.arange(6) * PI / 3) * .068, np.sin(np.arange(6) * PI / 3) * .068], 1), .085, .010, 2, 0).xf(E(0, 0, -90 * s), (s * x0, 0, 0))
    D.add('plate_w', hexa(.062, 1), hexa(.062, -1))
    pos = []
    for y, z in ((.42, -4.72), (.78, -4.95)):
        for i in range(9):
            s = .82 + .055 * i
            pos.append((v3(-3.15 + i * .36, y + .06 * s, z), E(0, 90), s))
        P.add('steel', box((-1.72, y - .03, z - .09), (3.4, .05, .06), .008, E(20)), box((-1.72, y - .05, z + .09), (3.4, .05, .06), .008, E(20)))
    inst.append(('dumbbell', D, pos))
    for x in (-3.4, -.05):
        P.add('steel', box((x, .48, -4.95), (.06, .90, .07), .008), box((x, .03, -4.78), (.06, .06, .70), .008), box((x, .60, -4.78), (.05, .05, .5), .006, E(35)))
    # squat rack with a loaded bar
    rx, rz = 1.35, -4.0
    for dx in (-.56, .56):
        for dz in (-.45, .45):
            P.add('steel', box((rx + dx, 1.15, rz + dz), (.075, 2.3, .075), .008))
        P.add('steel', box((rx + dx, 2.28, rz), (.07, .07, .9), .008), box((rx + dx, .04, rz), (.07, .07, 1.1), .008))
        P.add('accent', box((rx + dx, 1.36, rz + .53), (.06, .11, .10), .01))
        P.add('chrome', *[cyl(.012, .006, 8).xf(E(90), (rx + dx, .5 + .15 * i, rz + .4875)) for i in range(8)])
    for dz in (-.45, .45):
        P.add('steel', orient(tube(np.array([v3(rx - .56, 2.28, rz + dz), v3(rx + .56, 2.28, rz + dz)]), .02, 10)))
    P.add('chrome', orient(tube(np.array([v3(rx - 1.08, 1.45, rz + .53), v3(rx + 1.08, 1.45, rz + .53)]), .014, 12)))
    W = Parts()
    W.add('plate_w', turned([(.026, -.02), (.09, -.022, .004), (.095, -.014, .003), (.19, -.014, .003), (.20, -.026, .006), (.225, -.026, .008), (.225, .026, .008), (.20, .026, .006), (.19, .014, .003), (.095, .014, .003), (.09, .022, .004), (.026, .02)], 28, 1))
    disc = lambda c: turned([(.026, -.014), (.222, -.014, .008), (.222, .014, .008), (.026, .014)], 28, 2)
    for name, x in (('plate_r', .74), ('plate_b', .775)):
        inst.append((name + '_disc', Parts().add(name, disc(0)), [(v3(rx + s * x, 1.45, rz + .53), E(0, 0, 90), 1.) for s in (-1, 1)]))
    for s in (-1, 1):
        P.add('chrome', cyl(.026, .36, 16, -.18, .003).xf(E(0, 0, 90), (rx + s * .88, 1.45, rz + .53)))
    inst.append(('weight', W, [(v3(rx + s * (.68 + .0 * k), .42 + .52 * k, rz - .1 + .0 * k), E(0, 0, 90), 1.) for s in (-1, 1) for k in range(2)]))
    # bench, box with the second mark, kettlebells, balls, ropes
    P.add('pad', rbox((-4.0, .46, -2.2), (.30, .09, 1.15), .035, 2), rbox((-4.0, .66, -3.02), (.30, .09, .62), .035, 2, E(48)))
    P.add('steel', box((-4.0, .22, -1.8), (.06, .42, .06), .006), box((-4.0, .22, -2.7), (.06, .42, .06), .006), box((-4.0, .03, -1.8), (.45, .05, .06), .006), box((-4.0, .03, -2.7), (.45, .05, .06), .006), box((-4.0, .39, -2.25), (.06, .06, 1.0), .006))
    bx, bz, bh = -2.3, -2.9, .51
    P.add('wood', wall_uv(rbox((bx, bh / 2, bz), (.76, bh, .61), .008, 2, E(0, 12)), 1.1))
    K = Parts()
    K.add('ball_m', turned([(0, 0), (.07, 0, .02), (.115, .11, .08), (.07, .20, .05), (0, .205)], 24, 4), orient(tube(smooth_line([v3(-.055, .17, 0), v3(-.075, .235, 0), v3(-.05, .275, 0), v3(.05, .275, 0), v3(.075, .235, 0), v3(.055, .17, 0)], 18), .0165, 9)))
    inst.append(('kettlebell', K, [(v3(-5.45, 0, -3.6 + .42 * i), E(0, 20 * i + 80), .82 + .09 * i) for i in range(5)]))
    P.add('steel', *[box((4.1, y, zb + .25), (2.2, .05, .30), .008) for y in (.35, .85, 1.35)], *[box((x, .75, zb + .25), (.05, 1.5, .30), .008) for x in (3.0, 5.2)])
    for r, mat in enumerate(('ball_b', 'ball_m', 'plate_b')):
        inst.append((mat, Parts().add(mat, ball(.145, 16, 10)), [(v3(3.24 + .345 * i, y + .145, zb + .26), None, 1.) for k, y in enumerate((.375, .875, 1.375)) for i in range(6) if (k + i) % 3 == r]))
    return P, {'mark_table': (bx, bh, bz), 'mark_a': (-1.0, 0, -.5), 'mark_b': (1.0, 0, -.5), 'mark_c': (0, 0, -2.2), 'mark_enter': (4.0, 0, 2.5)}, inst


# --------------------------------------------------------------- roof

def roof():
    MATS.update({
        'body': dict(c='#8d8a86', tex='concrete_b', nrm='paver_n', ns=.6, r=.8), 'parapet': dict(c='#a19a90', tex='concrete_b', r=.9), 'coping': dict(c='#5d5b59', r=.6), 'steel': dict(c='#8f959a', m=.8, r=.45), 'dark': dict(c='#1d1f22', r=.6), 'wood': dict(c='#a67a52', tex='plain_b', r=.7),
        'tower_a': dict(c='#1b2230', r=.5, etex='towers', e='#ffffff', es=.5, tex='concrete_b'), 'tower_b': dict(c='#2a2733', r=.6, etex='towers', e='#ffffff', es=.4, tex='concrete_b'), 'tower_top': dict(c='#1a1d26', r=.9), 'bulb': dict(c='#ffe6b8', e='#ffc878', es=5., r=.6), 'cable': dict(c='#121214', r=.8),
        'beacon': dict(c='#ff2a1a', e='#ff2a1a', es=5., r=.5), 'planter': dict(c='#3a3d40', r=.7), 'leaf': dict(c='#43603a', r=.8, two=True), 'rust': dict(c='#7a4a34', r=.85), 'city': dict(c='#11151d', r=.9), 'glow': dict(c='#ffce8a', e='#ffb45a', es=1.2, r=.8)})
    P = Parts()
    X, zb, zf = 6.4, -6.4, 7.0
    P.add('body', *floor(-X, X, zb, zf, 0, 1 / 2.4))
    ph = .92
    for c, s in (((0, ph / 2, zb - .14), (2 * X + .56, ph, .28)), ((-X - .14, ph / 2, (zb + zf) / 2), (.28, ph, zf - zb)), ((X + .14, ph / 2, (zb + zf) / 2), (.28, ph, zf - zb)), ((0, ph / 2, zf + .14), (2 * X + .56, ph, .28))):
        P.add('parapet', wall_uv(box(c, s, .01), .5))
        P.add('coping', box((c[0], ph + .03, c[2]), (s[0] + .08, .06, s[2] + .08), .012))
    # the house below and the street far down
    P.add('parapet', *[wall_uv(m, .25) for m in (box((0, -14, 0), (2 * X + .5, 27.9, 13.8), 0),)])
    P.add('city', *floor(-400, 400, -400, 400, -28))
    # plant room, vents, tank, pipes on the left; wooden deck corner with a table on the right
    P.add('parapet', wall_uv(box((-4.7, 1.3, -4.9), (3.0, 2.6, 2.6), .02), .4))
    P.add('coping', box((-4.7, 2.64, -4.9), (3.2, .10, 2.8), .02))
    P.add('dark', box((-4.0, 1.02, -3.585), (.92, 2.04, .06), .01))
    P.add('steel', box((-3.68, 1.0, -3.54), (.03, .16, .03), .005), box((-4.7, 2.2, -3.57), (.5, .3, .05), .01))
    P.add('glow', box((-4.0, 2.30, -3.55), (.30, .10, .06), .01))
    C = Parts()
    C.add('steel', rbox((0, .55, 0), (1.1, .9, 1.2), .02, 1), *[torus(.1 + .09 * i, .008, 20, 4).xf(t=(0, 1.03, 0)) for i in range(4)])
    C.add('dark', plate(circle(.38, 24), .02, .004, 1, 1.0), *[box((.56, .35 + .09 * i, 0), (.02, .05, 1.0), .004) for i in range(6)])
    C.add('dark', *[box((dx, .05, dz), (.1, .1, .1), .005) for dx in (-.45, .45) for dz in (-.5, .5)])
    for x, z in ((-2.6, -5.7), (1.2, -5.9)):
        P.add('dark', turned([(.0, 0), (.16, 0, .01), (.11, .1, .02), (.10, .72), (.19, .76, .01), (.19, .80, .01), (0, .93)], 16, 1).xf(t=(x, 0, z)))
    P.add('rust', orient(tube(smooth_line([v3(-6.2, .25, 3.5), v3(-6.1, .25, -2.5), v3(-6.1, .25, -3.4)], 6), .06, 8)))
    tx, tz = 4.3, -4.4                                    # water tank on its frame, behind the parapet's corner
    for dx in (-.9, .9):
        for dz in (-.9, .9):
            P.add('rust', box((tx + dx, 1.3, tz + dz - .6), (.12, 2.6, .12), .01))
        P.add('rust', box((tx + dx, .9, tz - .6), (.05, .05, 2.3), 0, E(38)), box((tx + dx, .9, tz - .6), (.05, .05, 2.3), 0, E(-38)))
    P.add('rust', box((tx, 2.62, tz - .6), (2.3, .10, 2.3), .01))
    P.add('wood', wall_uv(lathe([(0, 2.67), (1.12, 2.67), (1.10, 4.7), (0, 4.7)], 28, crease=40).xf(t=(tx, 0, tz - .6)), .7))
    P.add('steel', *[lathe([(1.125, y), (1.145, y + .01), (1.145, y + .05), (1.125, y + .06)], 28).xf(t=(tx, 0, tz - .6)) for y in (2.9, 3.5, 4.1, 4.55)])
    P.add('rust', lathe([(1.25, 4.68), (1.25, 4.74), (.05, 5.45), (0, 5.45)], 28, crease=30).xf(t=(tx, 0, tz - .6)))
    bx, bz, bh = 2.7, -3.2, .74
    P.add('wood', wall_uv(plate(circle(.38, 32), .035, .01, 2, bh - .035), 1.2).xf(t=(bx, 0, bz)))
    P.add('dark', turned([(0, 0), (.22, 0, .01), (.22, .02, .008), (.03, .05, .02), (.03, bh - .03), (0, bh - .03)], 20, 2).xf(t=(bx, 0, bz)))
    g = rng(91)
    for x, z in ((5.75, -1.2), (5.75, 1.2), (-2.2, -6.0), (.2, -6.0)):
        P.add('planter', rbox((x, .27, z), (.9, .54, .5) if z < -5 else (.5, .54, .9), .02, 1))
        for i in range(11):
            c = v3(x + g.uniform(-.35, .35) * (1 if z < -5 else .5), .52, z + g.uniform(-.35, .35) * (.5 if z < -5 else 1))
            a = g.uniform(0, 2 * PI)
            d = v3(math.sin(a), 0, math.cos(a))
            h = g.uniform(.45, .95)
            P.add('leaf', orient(tube(np.array([c, c + d * .05 * h + v3(0, h * .6, 0), c + d * .22 * h + v3(0, h, 0)]), np.array([.015, .03, .002]), 4, flat=.25)))
    # string of lights on four poles
    poles = [v3(-5.9, 0, zb + .3), v3(-1.6, 0, zb + .1), v3(2.4, 0, zb + .1), v3(6.1, 0, zb + .3)]
    side = [poles[0], v3(-6.1, 0, -.5), v3(-6.1, 0, 5.)]
    B = Parts()
    B.add('cable', cyl(.018, .06, 8, -.02, .004))
    B.add('bulb', ball(.042, 12, 8, (0, -.05, 0), 1., 1.2))
    bulbs = []
    for chain, n in ((poles, 9), (side, 8), ([poles[3], v3(6.1, 0, -.5), v3(6.1, 0, 5.)], 8)):
        for p, q in zip(chain, chain[1:]):
            t = np.linspace(0, 1, n)
            line = p + (q - p) * t[:, None] + v3(0, 2.7, 0) - np.outer(t * (1 - t) * 4, v3(0, .45, 0))
            P.add('cable', orient(tube(line, .008, 4)))
            bulbs += [(x, None, 1.) for x in line[1:-1]]
    for p in poles + side[1:] + [v3(6.1, 0, -.5), v3(6.1, 0, 5.)]:
        P.add('dark', cyl(.03, 2.72, 10, 0, .005).xf(t=p))
    inst = [('bulb', B, bulbs), ('condenser', C, [(v3(-5.2, 0, z), None, 1.) for z in (-1.9, .2)])]
    # the city: towers of four kinds at many sizes, all round
    for k, mat in (('tower_one', 'tower_a'), ('tower_two', 'tower_b')):
        T = Parts()
        w, d, h = 20., 20., 60.
        for a in range(4):
            q = quad((-w / 2, 0, d / 2), (w / 2, 0, d / 2), (w / 2, h, d / 2), (-w / 2, h, d / 2), (1, 2))
            T.add(mat, q.xf(E(0, 90 * a)))
        T.add('tower_top', quad((-w / 2, h, d / 2), (w / 2, h, d / 2), (w / 2, h, -d / 2), (-w / 2, h, -d / 2)), box((3, h + 1.5, -2), (6, 3, 7), 0))
        spots = []
        for i in range(30):
            a = (i + g.uniform(-.3, .3)) / 30 * 2 * PI + (0 if mat == 'tower_a' else .1)
            r = g.uniform(75, 140) if mat == 'tower_a' else g.uniform(130, 260)
            s = (g.uniform(.7, 1.5), g.uniform(.45, 1.05) * (1 if r < 100 else 1.5), g.uniform(.7, 1.4))
            spots.append((v3(math.sin(a) * r, -28, math.cos(a) * r), E(0, 15 * int(g.integers(0, 6))), s))
        inst.append((k, T, spots))
        for t, R, s in spots[:4]:
            P.add('beacon', ball(.5, 8, 5, t + v3(0, 60 * s[1] + 4, 0)))
    return P, {'mark_table': (bx, bh, bz), 'mark_a': (-1.0, 0, -.5), 'mark_b': (1.0, 0, -.5), 'mark_c': (0, 0, -2.2), 'mark_enter': (-3.4, 0, -3.0)}, inst


# --------------------------------------------------------------- writing

SETS = {
    'cyclorama': (cyclorama, 'Round studio without corners, seamless from floor to wall', 'floor', 10.0, dict(preset='studio')),
    'street_night': (street_night, 'Shopping street at night, wet, with lit windows and signs', 'floor', 5.0, dict(preset='cyberpunk', hdri='night_city', exposure=2.0, haze=dict(colour=[.05, .04, .05], distance=400))),
    'loft': (loft, 'Loft with brick, oak floor, steel windows and beams', 'floor', 4.6, dict(preset='modern_loft')),
    'kitchen': (kitchen, 'Kitchen; the product stands on the stone top of the island', 'table', 2.6, dict(preset='scandinavian_modern')),
    'gym': (gym, 'Gym with rubber floor, mirrors, racks and lamps', 'floor', 4.4, dict(preset='modern_loft')),
    'roof': (roof, 'Roof in the evening, with a skyline all round', 'floor', 4.6, dict(preset='urban_rooftop')),
}


def write_set(name, path):
    make, what, stands, orbit, light = SETS[name]
    own = dict(MATS)
    P, marks, inst = make()
    g = CompactGlb(name)
    g.measure(P, *[parts for _, parts, _ in inst])
    g.put(g.mesh(name, P.merged()), name)
    for what_, parts, at in inst:
        before = g.tris
        mesh = g.mesh(what_, parts.merged())
        each = g.tris - before
        for i, (t, R, s) in enumerate(at):
            g.put(mesh, what_ if i == 0 else None, t, R, s)
        g.tris += each * (len(at) - 1)
    marks = {'mark_prop': (0, 0, 0), **marks}
    for n, p in marks.items():
        g.node(None, name=n, translation=[float(x) for x in p])
    size = g.save(path)
    MATS.clear()
    MATS.update(own)
    return dict(name='set_' + name, file=os.path.basename(path), kind='set', category=name, description=what, subject='mark_prop', stands_on=stands,
                height=0. if stands == 'floor' else .92, floor=0. if stands == 'floor' else -.92, orbit=orbit, location=light, marks={n: [round(float(x), 3) for x in p] for n, p in marks.items()}), size
