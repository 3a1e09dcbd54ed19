"""The car of the library: a saloon of 4.7 m, lofted, with windows, lamps and gaps cut into its surface."""
import math

import numpy as np

from gltf_models import (
    ball, cyl, E, grid_mesh, join, lathe, MATS, Mesh, mono, Parts, PI, v3)
from product_shapes import (
    bake, border_lines, borders, cut, engrave, face, fillet, flat_uv, lifted, rbox, rrect, shell, smooth_line,
    smooth_surface, sweep, turned)

AXLES = (1.44, -1.43)
WHEEL = .362
ARCH = .402

# rows: z, half width, underside, shoulder, deck
LINES = mono([
    (-2.370, .0, .47, .90, .945), (-2.360, .44, .44, .915, .965), (-2.310, .68, .38, .935, .985), (-2.17, .82, .31, .955, 1.000), (-1.92, .905, .24, .965, .995),
    (-1.43, .955, .205, .945, .975), (-.90, .942, .19, .905, .93), (-.40, .925, .185, .88, .92), (.20, .920, .185, .862, .92), (.75, .928, .185, .845, .905),
    (1.10, .940, .19, .828, .872), (1.44, .945, .195, .800, .824), (1.85, .905, .205, .742, .755), (2.10, .830, .215, .690, .692), (2.25, .715, .23, .645, .640), (2.325, .50, .26, .605, .592), (2.345, .0, .30, .57, .555)])
STATIONS = (-2.370, -2.362, -2.335, -2.26, -2.10, -1.88, -1.60, -1.30, -.95, -.55, -.10, .35, .75, 1.08, 1.36, 1.64, 1.88, 2.08, 2.21, 2.295, 2.335, 2.345)


def body_grid(nu=60, nv=21):
    C = []
    for z in STATIONS:
        w, lo, sh, dk = LINES(np.array(z))
        waist = .955 + .03 * np.exp(-((z - AXLES[0]) / .42) ** 2) + .035 * np.exp(-((z - AXLES[1]) / .45) ** 2)
        C.append([(0, lo, z), (.5 * w, lo, z), (.90 * w, lo + .005, z), (.980 * w, lo + .070, z), (.978 * w, lo + .115, z), (waist * w, lo + (sh - lo) * .45, z), (1.0 * w, sh - .15, z), (1.012 * w, sh - .058, z), (1.006 * w, sh - .040, z),
                  (.955 * w, sh + .002, z), (.80 * w, (sh + dk) / 2 + .008, z), (.42 * w, dk, z), (0, dk, z)])
    H = smooth_surface(np.array(C), nu, nv)
    left = H[:, ::-1][:, 1:].copy()
    left[..., 0] *= -1
    return np.concatenate([H, left], 1)


ROOF = mono([(-2.08, .00), (-1.95, .05), (-1.70, .150), (-1.35, .290), (-.95, .410), (-.50, .485), (-.10, .515), (.20, .506), (.48, .440), (.80, .305), (1.05, .165), (1.22, .06), (1.32, .0)])


def cabin_grid(nu=40, nv=18):
    z = np.linspace(-2.08, 1.32, nu)
    h = ROOF(z)[:, 0]
    W = mono([(-2.08, .70), (-1.6, .790), (-.9, .862), (0, .875), (.7, .862), (1.1, .82), (1.32, .75)])(z)[:, 0]
    base = LINES(z)[:, 2] - .055
    th = np.linspace(0, PI, nv * 2 - 1)
    c, s = np.cos(th), np.sin(th)
    n = 2 / 3.1
    X = np.sign(c) * np.abs(c) ** n
    Y = np.abs(s) ** n
    hh = (h + .055 + .02)[:, None] * Y[None]
    lean = 1 - .27 * hh / .62
    P = np.stack([W[:, None] * X[None] * lean, base[:, None] + hh, np.repeat(z[:, None], len(th), 1)], -1)
    uv = np.stack([np.repeat(z[:, None], len(th), 1), np.repeat(np.degrees(np.minimum(th, PI - th))[None], nu, 0)], -1)
    return P, uv


def oriented(P, uv=None):
    m = grid_mesh(P, uv=uv, crease=70)
    mid = m.v.mean(0)
    if (m.fn() * (m.v[m.t].mean(1) - mid)).sum() < 0:
        m.t, m.uv = m.t[:, ::-1].copy(), m.uv[:, ::-1].copy()
    return m


def take(m, f):
    """Cuts out where f is negative: (rest, piece)."""
    piece, rest = cut(m, f)
    return rest, piece


def rect_sd(a, b, ca, cb, ha, hb, r):
    qx, qy = np.abs(a - ca) - ha + r, np.abs(b - cb) - hb + r
    return np.hypot(np.maximum(qx, 0), np.maximum(qy, 0)) + np.minimum(np.maximum(qx, qy), 0) - r


def gaps_of(body):
    """Cuts the edges of doors, bonnet, boot lid and charging flap into the body: (body, gaps)."""
    X, Y, Z = (lambda p: np.abs(p[:, 0])), (lambda p: p[:, 1]), (lambda p: p[:, 2])
    door = lambda p: (X(p) > .60) & (Y(p) > .285) & (Y(p) < .93)
    deck = lambda p: Y(p) > LINES(Z(p))[:, 3] - .10
    curve = lambda z0, k, b: (lambda p: Z(p) - (z0 + k * (Y(p) - .6) + b * (Y(p) - .6) ** 2))
    near = lambda z0, d: (lambda p: door(p) & (np.abs(Z(p) - z0) < d))
    lines = [
        (curve(.74, -.10, -.55), near(.74, .35)), (curve(-.32, -.06, .10), near(-.32, .3)), (curve(-1.02, .50, .9), near(-1.0, .42)),
        (lambda p: Y(p) - .335, lambda p: door(p) & (Z(p) < .80) & (Z(p) > -1.12) & (Y(p) < .5)),
        (lambda p: X(p) - .80 * LINES(Z(p))[:, 0], lambda p: deck(p) & (Z(p) > 1.02) & (Z(p) < 2.16)),
        (lambda p: Z(p) - 2.13 + .12 * (X(p) / .7) ** 2, lambda p: deck(p) & (Z(p) > 1.9) & (X(p) < .78)),
        (lambda p: X(p) - .64, lambda p: (Z(p) < -1.90) & (Y(p) > .64)),
        (lambda p: Y(p) - .70, lambda p: (Z(p) < -2.15) & (X(p) < .68) & (Y(p) < .80)),
        (lambda p: np.hypot(Z(p) + 1.66, Y(p) - .80) - .070, lambda p: (p[:, 0] > .6) & (np.hypot(Z(p) + 1.66, Y(p) - .80) < .2)),
    ]
    gaps = []
    for f, where in lines:
        body, line = engrave(body, f, .0085, where)
        gaps.append(line)
    return body, join(gaps)


def wheel():
    W = Parts()
    R, w = WHEEL, .118
    tyre = fillet([(.248, -w + .010), (.262, -w, .006), (.318, -w - .004, .03), (R - .004, -w + .022, .02), (R, -.05, .03), (R, .05, .03), (R - .004, w - .022, .02), (.318, w + .004, .03), (.262, w, .006), (.248, w - .010)], 2)
    W.add('tyre', lathe(tyre, 44, crease=60))
    for k in (-.045, -.015, .015, .045):
        W.add('groove', lathe([(R + .0006, k - .005), (R + .0006, k + .005)], 48))
    rim = fillet([(.225, -w + .02), (.236, -.02), (.240, w - .030), (.249, w - .008, .003), (.253, w - .002, .003), (.246, w + .002, .003), (.238, w - .010, .004), (.230, .055), (.222, .05)], 1)
    W.add('rim_dark', lathe(rim, 44, crease=40))
    W.add('rim', turned([(.2375, w - .012), (.2475, w - .0035, .003), (.2535, w - .001, .002), (.2545, w - .005)], 44, 2, crease=60))
    for i in range(5):
        for sg in (-1, 1):
            sec = fillet([(.014, -.016, .004), (.010, .010, .006), (-.010, .010, .006), (-.014, -.016, .004)], 1, True)
            pts = smooth_line([v3(sg * .010, .058, .030), v3(sg * .013, .078, .090), v3(sg * .024, .090, .165), v3(sg * .040, .093, .2435)], 6)
            W.add('rim', sweep(pts, sec, up=(0, 1, 0), scale=np.linspace(1.15, .95, 6)).xf(E(0, 72 * i)))
    W.add('rim', turned([(.0, .050), (.060, .050, .004), (.056, .072, .010), (.034, .080, .004), (0, .081)], 28, 2))
    W.add('rim_dark', turned([(.031, .079), (.030, .0815, .001), (0, .082)], 32, 2))
    for i in range(5):
        a = (i + .5) * 2 * PI / 5
        W.add('rim_dark', cyl(.0075, .010, 12, .068, .001).xf(t=(math.sin(a) * .044, 0, math.cos(a) * .044)))
    W.add('disc', turned([(.07, .008), (.178, .008, .001), (.178, .030, .001), (.07, .030)], 48, 1))
    W.add('rim_dark', turned([(0, .03), (.075, .03, .004), (.07, .046, .004), (0, .046)], 28, 2))
    W.add('rim_dark', lathe([(.23, -.06), (0, -.07)], 32))
    return W


def caliper():
    a = np.radians(np.linspace(60, 112, 9))
    return sweep(np.stack([np.sin(a) * .158, np.full(9, .024), np.cos(a) * .158], 1), rrect(.040, .070, .010, 2), up=(0, 1, 0))


def car():
    MATS.update({
        'body': dict(c='#8c1f28', m=.35, r=.16), 'glass': dict(c='#07090c', r=.04, fine=True), 'roof': dict(c='#050607', r=.05, fine=True), 'trim': dict(c='#101114', r=.45), 'gap': dict(c='#040404', r=.9),
        'chrome': dict(c='#dfe1e4', m=1., r=.14), 'lamp_house': dict(c='#0b0c0f', r=.06), 'lamp_front': dict(c='#f4f8ff', e='#e8f2ff', es=3.4, r=.3), 'lamp_rear': dict(c='#6a0508', e='#ff1d12', es=2.6, r=.25),
        'tyre': dict(c='#141416', r=.82), 'groove': dict(c='#050505', r=.95), 'rim': dict(c='#b9bcc2', m=1., r=.24), 'rim_dark': dict(c='#1b1c20', m=.8, r=.45),
        'disc': dict(c='#8d9094', m=1., r=.3), 'caliper': dict(c='#d8a012', r=.35), 'plate': dict(c='#e9ebe6', r=.5), 'label': dict(tex='decal_light', a=.99, m=.9, r=.2), 'mirror': dict(c='#aab4bd', m=1., r=.04)})
    P = Parts()
    body = bake(oriented(body_grid()))
    # wheel arches
    for az in AXLES:
        body, _ = take(body, lambda p: np.maximum(np.hypot(p[:, 2] - az, p[:, 1] - WHEEL) - ARCH, .60 - np.abs(p[:, 0])))
    w, c = borders(body)
    e0, e1 = body.v[c[:, 0]], body.v[c[:, 1]]
    near = np.zeros(len(c), bool)
    for az in AXLES:
        near |= np.abs(np.hypot(e0[:, 2] - az, e0[:, 1] - WHEEL) - ARCH) < .012
    inward = lambda q: q - np.sign(q[:, :1]) * v3(1, 0, 0) * .07
    a, b = e0[near], e1[near]
    q = np.stack([a, inward(a), b, b, inward(a), inward(b)], 1).reshape(-1, 3)
    P.add('trim', Mesh(q, np.arange(len(q)).reshape(-1, 3), crease=60))
    # gaps first, so that every later piece has them
    body, gaps = gaps_of(body)
    P.add('gap', gaps)
    # sill and lower skirts
    body, skirt = take(body, lambda p: np.where(np.abs(p[:, 2]) < 2.15, p[:, 1] - .285, 1.))
    P.add('trim', skirt)
    # front: intake, lamps
    fx = lambda p: np.abs(p[:, 0])
    nose = lambda p, f: np.where(p[:, 2] > 1.6, f, 1.)
    body, intake = take(body, lambda p: nose(p, rect_sd(fx(p), p[:, 1], 0, .335, .52, .058, .05)))
    P.add('trim', lifted(intake, -.018), *_walls(intake, .018))
    body, duct = take(body, lambda p: nose(p, rect_sd(fx(p) + .45 * (p[:, 1] - .36), p[:, 1], .735, .36, .045, .10, .03)))
    P.add('trim', lifted(duct, -.02), *_walls(duct, .02))
    slant = lambda h: (lambda p: p[:, 1] - .16 * (fx(p) - .62) - h)
    front = lambda p: (p[:, 2] > 1.6) & (fx(p) > .30) & (p[:, 1] > .40) & (p[:, 1] < .80)
    body, lamp = engrave(body, slant(.588), .070, front)
    lamp, end = cut(lamp, lambda p: .425 - fx(p))
    body = join([body, end])
    house, drl = engrave(lamp, slant(.606), .0165, lambda p: fx(p) > 0)
    P.add('lamp_house', lifted(house, -.006), *_walls(lamp, .006))
    P.add('lamp_front', lifted(drl, -.001))
    for sx in (-1, 1):
        for x, z in ((.575, 2.262), (.655, 2.212), (.735, 2.145)):
            P.add('lamp_front', ball(.0150, 10, 7).xf(None, (sx * x, .578 + .16 * (x - .62) - .003, z - .010)))
    # rear: light bar, diffuser
    tail = lambda p, f: np.where(p[:, 2] < -1.7, f, 1.)
    back = lambda p: (p[:, 2] < -1.98) & (p[:, 1] > .70) & (p[:, 1] < 1.0)
    body, bar = engrave(body, lambda p: p[:, 1] - .855, .082, back)
    dark, red = engrave(bar, lambda p: p[:, 1] - .862, .026, lambda p: p[:, 2] < 0)
    P.add('lamp_house', lifted(dark, -.005), *_walls(bar, .005))
    P.add('lamp_rear', lifted(red, -.001))
    body, diff = take(body, lambda p: tail(p, p[:, 1] - .435 - .04 * np.cos(p[:, 0] * 4)))
    P.add('trim', lifted(diff, -.003))
    P.add('plate', rbox((0, .60, -2.372), (.50, .105, .008), .004, 2))
    P.add('trim', rbox((0, .60, -2.366), (.54, .145, .012), .006, 2))
    # badge on the nose
    P.add('body', body)
    for s, y in ((1, .487), (-1, .765)):                 # on the nose and under the light bar
        badge = body
        for f in (lambda p: 2. - s * p[:, 2], lambda p: np.abs(p[:, 0]) - .10, lambda p: y - .05 - p[:, 1], lambda p: p[:, 1] - y - .05):
            badge, _ = cut(badge, f)
        P.add('label', flat_uv(lifted(badge, .0015), (-.10 * s, y + .05, 0), (.20 * s, 0, 0), (0, -.10, 0)))
    # cabin
    Pg, uv = cabin_grid()
    cab = bake(oriented(Pg, uv))
    rail = lambda v, u: np.abs(u[:, 1] - (43 + 7 * np.clip((u[:, 0] - .2) / 1.1, 0, 1) + 4 * np.clip((-u[:, 0] - .9) / 1.0, 0, 1))) - (3.4 + 2.2 * np.clip((-u[:, 0] - .4) / 1.2, 0, 1))
    arch, glass = cut(cab, rail)
    P.add('body', shell(arch, .006, .5))
    quarter, glass = cut(glass, lambda v, u: np.where(u[:, 1] < 48, u[:, 0] + 1.22 + .75 * (v[:, 1] - 1.0), 1.))
    P.add('body', shell(quarter, .005, .4))
    bpil, glass = cut(glass, lambda v, u: np.where(u[:, 1] < 46, np.abs(u[:, 0] + .30 - .10 * (v[:, 1] - 1.0)) - .035, 1.))
    P.add('lamp_house', bpil)
    roof, glass = cut(glass, lambda v, u: np.where(u[:, 1] > 40, np.maximum(u[:, 0] - .22, -u[:, 0] - 1.02), 1.))
    P.add('roof', roof)
    trim, glass = cut(glass, lambda v, u: np.where(u[:, 1] < 40, v[:, 1] - (LINES(v[:, 2])[:, 2] + .020), 1.))
    keep, _ = cut(trim, lambda v, u: np.maximum(np.abs(u[:, 0] + .35) - 1.12, (LINES(v[:, 2])[:, 2] + .003) - v[:, 1]))
    P.add('chrome', shell(keep, .004, .4))
    P.add('glass', glass, trim)
    # mirrors, handles, wipers
    for sx in (-1, 1):
        m = ball(.5, 24, 16).xf(None, (0, 0, 0), (.22, .125, .16)).xf(E(0, -6 * sx), (sx * .972, .985, .60))
        front, back = cut(bake(m), lambda p: .565 - p[:, 2])
        P.add('body', front)
        P.add('lamp_house', _lid(front, (0, 0, -1)))
        P.add('mirror', rbox((sx * .972, .985, .5645), (.155, .085, .004), .002, 1))
        P.add('trim', sweep(smooth_line([v3(sx * .80, .905, .61), v3(sx * .88, .925, .61), v3(sx * .935, .965, .605)], 8), rrect(.07, .030, .010, 3), up=(0, 1, 0)))
        for z in (-.17, -.93):
            x = float(LINES(np.array(z))[0])
            P.add('chrome', rbox((sx * (x * 1.000 + .001), .735, z), (.016, .022, .190), .008, 2, E(0, 0, 0)))
    for x, k in ((.45, 1), (-.08, 1)):
        P.add('trim', sweep(np.array([v3(x, .925, 1.20), v3(x - .26, .960, 1.085), v3(x - .55, .955, 1.10)]), rrect(.012, .010, .003, 1)))
    # underside and wheel wells
    for az in AXLES:
        a = np.radians(np.linspace(-88, 88, 25))
        for sx in (-1, 1):
            L = np.stack([np.stack([np.full(25, sx * xx), WHEEL + np.cos(a) * (ARCH + .002), az + np.sin(a) * (ARCH + .002)], 1) for xx in (.55, .868)], 1)
            m = grid_mesh(L)
            if (m.fn() * (m.v[m.t].mean(1) - v3(0, WHEEL, az)))[:, 1:].sum() > 0:
                m.t = m.t[:, ::-1].copy()
            P.add('gap', m)
            half = np.radians(np.linspace(-112, 112, 21))
            o = np.stack([np.sin(half) * (ARCH + .002), np.cos(half) * (ARCH + .002)], 1)[::-1]
            P.add('gap', face(o).xf(E(90)).xf(E(0, 90 * sx), (sx * .55, WHEEL, az)))
    ins = []
    W = wheel()
    for az in AXLES:
        ins.append((v3(.782, WHEEL, az), E(0, 0, -90)))
        ins.append((v3(-.782, WHEEL, az), E(0, 0, 90) @ E(0, 36)))
    P.inst = [('wheel', W, [(t, R, 1.) for t, R in ins])]
    for t, R in ins:
        P.add('caliper', caliper().xf(R, t))
    return P


def _walls(piece, depth):
    """Short walls from the border of a piece down to where it was sunk."""
    w, c = borders(piece)
    a, b = piece.v[c[:, 0]], piece.v[c[:, 1]]
    na, nb = piece.n[c[:, 0]], piece.n[c[:, 1]]
    q = np.stack([a, b, a - na * depth, b, b - nb * depth, a - na * depth], 1).reshape(-1, 3)
    return [Mesh(q, np.arange(len(q)).reshape(-1, 3), crease=50)]


def _lid(m, toward):
    """Closes the border of a patch with a fan."""
    line, n, o = border_lines(m)[0]
    c = line.mean(0)
    k = len(line)
    t = np.stack([np.full(k, k), np.arange(k), (np.arange(k) + 1) % k], 1)
    f = Mesh(np.concatenate([line, [c]]), t)
    if f.fn().sum(0) @ np.asarray(toward, float) < 0:
        f.t = f.t[:, ::-1].copy()
    f.uv = np.zeros((k, 3, 2))
    return f
