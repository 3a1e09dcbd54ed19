"""The shoe of the library: a running shoe, lofted, with overlays cut from its upper, seams, laces and a sculpted sole."""
import numpy as np

from gltf_models import box, E, grid_mesh, MATS, mono, norm, normal_from, orient, Parts, PI, TEX, torus, tube, v3
from product_shapes import (
    bake, border_lines, cut, fillet, flat_uv, inset, lifted, plate, rbox, relaxed, resample, rings, rrect, shell,
    smooth_line, stitches, sweep, turned_inside)

X0, X1 = -.142, .146                 # heel and toe of the upper
HEEL, TOE = -.152, .154              # of the sole

# plan of the sole: x, half width to the outer side (+Z), half width to the inner side
PLAN = mono([(-.152, .001, .001), (-.148, .016, .016), (-.138, .027, .027), (-.118, .036, .0355), (-.085, .0395, .0385), (-.045, .0395, .0345), (-.005, .0415, .0325), (.035, .0475, .0395),
             (.070, .0510, .0475), (.098, .0485, .0470), (.122, .0405, .0410), (.140, .0280, .0305), (.150, .0150, .0175), (.154, .001, .001)])
UNDER = mono([(-.152, .0110), (-.120, .0015), (-.09, 0), (.050, 0), (.090, .0028), (.125, .0105), (.154, .0215)])
TOP = mono([(-.152, .0500), (-.125, .0435), (-.08, .0390), (-.02, .0350), (.04, .0310), (.09, .0315), (.125, .0355), (.154, .0415)])
HEIGHT = mono([(-.142, .070), (-.125, .092), (-.10, .104), (-.06, .108), (-.03, .105), (-.005, .094), (.025, .0770), (.055, .0610), (.085, .0490), (.110, .0405), (.128, .0325), (.140, .0215), (.146, .009)])
COLLAR = mono([(-.16, .090), (-.142, .0895), (-.126, .0820), (-.100, .0690), (-.072, .0630), (-.048, .0680), (-.030, .0800), (-.012, .0960), (-.002, .11), (.01, .2), (.2, .2)])


def section(x, phi):
    """Points of the upper: phi 0 at the outer side of the sole, 180 at the inner side."""
    f = (x - X0) / (X1 - X0)
    xs = HEEL + .004 + (TOE - HEEL - .008) * f
    plan = PLAN(xs)
    base = TOP(xs)[..., 0] - .0055
    c, s = np.cos(phi), np.sin(phi)
    a = np.maximum(np.where(c > 0, plan[..., 0], plan[..., 1]) - .0028, 0) * np.sqrt(np.clip(np.minimum(f, 1 - f) / .012, 0, 1))
    h = HEIGHT(x)[..., 0]
    # Full above the sole, narrow at the instep and the ankle.
    pw = 1.02 - .24 * np.clip((x - .02) / .1, 0, 1)
    z = np.sign(c) * a * np.abs(c) ** pw * (1 + .055 * np.sin(2 * phi) ** 2 * np.clip((x + .03) / .08, 0, 1))
    ankle = np.clip((-.02 - x) / .05, 0, 1)
    z = z * (1 - .10 * ankle * np.sin(phi) ** 2)
    y = base + h * np.abs(s) ** (.80 + .12 * ankle)
    lean = .006 * np.clip((x - .0) / .06, 0, 1) * np.sin(phi)
    return np.stack([xs + 0 * y, y, z - lean], -1)


def upper_grid(nu=52, nv=29):
    t = np.linspace(0, 1, nu)
    t = t - .030 * np.sin(2 * PI * t)                   # closer at heel and toe
    x = X0 + (X1 - X0) * t
    phi = np.linspace(0, PI, nv)
    P = section(x[:, None] * np.ones((1, nv)), phi[None] * np.ones((nu, 1)))
    d = np.linalg.norm(np.diff(P, axis=1), axis=-1)
    arc = np.concatenate([np.zeros((nu, 1)), np.cumsum(d, 1)], 1)
    arc = arc - arc[:, nv // 2:nv // 2 + 1]              # along the surface from the crest
    uv = np.stack([P[..., 0] * 42, arc * 42], -1)
    return P, uv


def upper():
    P, uv = upper_grid()
    m = grid_mesh(P, uv=uv, crease=175)
    if (m.fn() * (m.v[m.t].mean(1) - v3(0, .05, 0))).sum() < 0:
        m.t, m.uv = m.t[:, ::-1].copy(), m.uv[:, ::-1].copy()
    return bake(m)


def on_top(x, z):
    """Height of the upper over a place of its plan."""
    phi = np.linspace(0, PI, 400)
    L = section(np.full(400, (x - HEEL - .004) / (TOE - HEEL - .008) * (X1 - X0) + X0), phi)
    return float(np.interp(-z, -L[:, 2], L[:, 1]))


THROAT = (v3(-.060, 0), v3(.058, 0))


def throat(p, uv, wide):
    """Distance from the opening under the laces, along the surface; negative inside."""
    x, z = p[:, 0], uv[:, 1] / 42
    t = np.clip((x - THROAT[0][0]) / (THROAT[1][0] - THROAT[0][0]), 0, 1)
    d = np.hypot(x - (THROAT[0][0] + t * (THROAT[1][0] - THROAT[0][0])), z)
    return d - (wide + .0050 * (1 - t))


def rise(p):
    """Height over the edge of the sole."""
    return p[:, 1] - TOP(p[:, 0])[:, 0]


def collar(p):
    xs = (p[:, 0] - HEEL - .004) / (TOE - HEEL - .008) * (X1 - X0) + X0
    return TOP(p[:, 0])[:, 0] - .0055 + COLLAR(xs)[:, 0] - p[:, 1]


def outline(n=84):
    t = np.linspace(0, 1, n // 2 + 1)
    x = HEEL + (TOE - HEEL) * (1 - np.cos(t * PI)) / 2
    q = PLAN(x)
    return np.concatenate([np.stack([x, -q[:, 0]], 1)[:-1], np.stack([x, q[:, 1]], 1)[::-1][:-1]])


def sole(P):
    o = outline()
    x = o[:, 0]
    lo, hi = UNDER(x)[:, 0], TOP(x)[:, 0]
    nz = norm(np.roll(o, -1, 0) - np.roll(o, 1, 0))
    away = np.stack([nz[:, 1], -nz[:, 0]], 1)

    def ring(f, d):
        # the flare at the heel and a scooped side give the foam its shape
        flare = .0050 * np.clip((-x - .08) / .07, 0, 1) * (1 - f)
        q = o + away * (d + flare)[:, None]
        return np.stack([q[:, 0], lo + (hi - lo) * f, -q[:, 1]], 1)
    wave = .0012 * np.sin(x * 95 + 1.2)
    foam = [(.16, -.0004), (.20, .0016), (.30, .0034), (.42, .0038), (.50, .0022), (.54, .0014), (.58, .0020), (.68, .0038), (.80, .0042), (.90, .0034), (.965, .0014), (1.0, -.0012), (.985, -.0040)]
    rows = [ring(np.clip(f + np.where((f > .35) & (f < .8), wave / .033 * 3.0, 0), 0, 1.2), np.full(len(x), d)) for f, d in foam]
    m = bake(orient(rings(rows, False, True, 60)))
    side = lambda p: (p[:, 1] - UNDER(p[:, 0])[:, 0]) / (TOP(p[:, 0])[:, 0] - UNDER(p[:, 0])[:, 0])
    low, high = cut(m, lambda p: side(p) - .535 - .10 * np.sin(p[:, 0] * 95 + 1.2) - np.where(p[:, 0] > .085, (p[:, 0] - .085) * 14, 0))
    P.add('foam', high)
    P.add('foam_low', low)
    rubber = [(-.004, -.0055), (-.002, -.0025), (.03, -.0002), (.11, .0012), (.165, .0008), (.185, -.0012)]
    P.add('rubber_sole', orient(rings([ring(np.full(len(x), f), np.full(len(x), d)) for f, d in rubber], True, False, 50)))
    # the toe of the sole runs up the front
    tip = [(.12, .0014), (.30, .0036), (.55, .0042), (.75, .0044), (.84, .0040)]
    t = bake(orient(rings([ring(np.full(len(x), f), np.full(len(x), d)) for f, d in tip], False, False, 60)))
    _, bumper = cut(t, lambda p: p[:, 0] - .128 - .6 * (p[:, 1] - .03))
    P.add('rubber_sole', shell(bumper, .0005, .8))
    # tread: chevrons under the sole, seen in macro shots and from low angles
    for i in range(10):
        xx = -.120 + i * .0260
        w = PLAN(np.array(xx))
        y = float(UNDER(np.array(xx))[0])
        for sg, ww in ((1, w[0]), (-1, w[1])):
            for k in (.58,):
                P.add('rubber_sole', box((xx - .004 * k, y + .0004, sg * ww * k), (.0095, .0030, ww * .62), .0006, E(0, sg * 24)))


def shoe():
    MATS.update({
        'body': dict(c='#e2552c', nrm='knit_shoe', ns=.8, r=.82), 'overlay': dict(c='#1f2d3d', r=.46), 'overlay_light': dict(c='#f2efe8', r=.42),
        'foam': dict(c='#f3f0e9', r=.7), 'foam_low': dict(c='#e4572e', r=.68), 'rubber_sole': dict(c='#1a1c20', r=.62), 'lining': dict(c='#27313f', r=.95),
        'insole': dict(c='#c9ccd2', r=.9), 'lace': dict(c='#f4f2ec', nrm='lace_n', ns=.8, r=.85), 'tongue': dict(c='#c4431f', nrm='knit_shoe', ns=.7, r=.88), 'thread': dict(c='#f4e3c8', r=.8), 'thread_dark': dict(c='#101820', r=.8),
        'eyelet': dict(c='#c7cbd1', m=1., r=.3), 'label': dict(tex='decal_light', a=.99, r=.4)})
    P = Parts()
    sole(P)
    up = upper()
    # the upper without its opening
    hole = lambda p, uv: np.minimum(collar(p), throat(p, uv, .0125))
    _, skin = cut(up, hole)
    _, skin = cut(skin, lambda p: rise(p) + .012)
    P.add('body', skin)
    inner, _ = cut(skin, lambda p: np.maximum(p[:, 0] - .035, .010 - rise(p)))
    P.add('lining', turned_inside(lifted(inner, -.0022)))
    # padded collar and the edge of the throat
    line, n, o = max(border_lines(skin)[:3], key=lambda r: r[0][:, 1].mean())
    line, n = resample(line, .0055, n)
    line = relaxed(line, 2)
    fat = np.clip((-.012 - line[:, 0]) / .03, 0, 1)
    r = .0011 + .0042 * fat
    P.add('lining', tube(line - n * (.0008 + .0022 * fat)[:, None], r, 8, closed=True, up=n, uvs=(3, 60)))
    # insole
    P.add('insole', plate(inset(outline(), .006), .002, .0005, 1).xf(None, (0, 0, 0), (1, 1, 1)).xf(E(0, 0, .8), (0, .0372, 0)))
    # overlays: toe cap, heel counter, eye stay, side band; each is cut edge by edge, so that its corners stay sharp

    def patch(mat, edges, t, thread='thread', seam=.0024):
        piece = skin
        for f in edges:
            piece, _ = cut(piece, f)
        P.add(mat, shell(piece, t, .6, 1.5))
        P.add(thread, *stitches(piece, seam, t + .0001, keep=lambda q: q[1] - TOP(np.array(q[0]))[0] > .004))
    patch('overlay', [lambda p: rise(p) - (.0125 + .030 * np.clip((p[:, 0] - .078) / .075, 0, 1) ** 1.15), lambda p: .050 - p[:, 0] + .30 * rise(p)], .0009)
    patch('overlay', [lambda p: rise(p) - (.052 - .55 * np.clip(p[:, 0] + .120, 0, 1)), lambda p: p[:, 0] + .062 - .30 * rise(p)], .0011)
    patch('overlay', [lambda p, uv: throat(p, uv, .0262), lambda p: .0045 - collar(p), lambda p: -p[:, 0] - .040], .0010)
    middle = lambda p: rise(p) - .0165 - (-.006 + .046 * np.clip((p[:, 0] + .075) / .115, 0, 1) ** 1.35)
    half = lambda p: .0105 - .0040 * np.clip((p[:, 0] + .06) / .09, 0, 1)
    patch('overlay_light', [lambda p: middle(p) - half(p), lambda p: -middle(p) - half(p), lambda p: -p[:, 0] - .085 + .4 * rise(p), lambda p: p[:, 0] - .040, lambda p, uv: .0290 - throat(p, uv, 0)],
          .0015, 'thread_dark', .0019)
    # heel strap and pull loop
    pull = smooth_line([v3(-.1440, .080, 0), v3(-.1470, .104, 0), v3(-.1475, .128, 0), v3(-.1405, .138, 0), v3(-.1335, .130, 0), v3(-.1325, .118, 0)], 14)
    P.add('overlay_light', sweep(pull, rrect(.0125, .0017, .0007, 2), up=(-1, .1, 0)))
    # tongue
    path = smooth_line([v3(.074, .0, 0), v3(.050, .0, 0), v3(.020, 0, 0), v3(-.004, 0, 0), v3(-.022, 0, 0)], 16)
    for q in path:
        q[1] = on_top(q[0], 0) - .0040
    crest = [path[-1] + v3(-.0085, .0075, 0), path[-1] + v3(-.0165, .0150, 0), path[-1] + v3(-.0245, .0225, 0), path[-1] + v3(-.0320, .0280, 0)]
    path = smooth_line(np.concatenate([path[::3], crest]), 22)
    width = np.interp(np.linspace(0, 1, 22), [0, .15, .6, .85, .95, 1], [.80, 1.0, 1.15, 1.30, 1.22, .90])
    thick = np.interp(np.linspace(0, 1, 22), [0, .55, .75, .95, 1], [.7, .9, 1.9, 1.9, .8])
    a = np.linspace(0, 2 * PI, 19)[:-1]
    sec = np.stack([np.cos(a) * .0195, np.sign(np.sin(a)) * np.abs(np.sin(a)) ** .8 * .0030 - .0040 * np.cos(a) ** 2], 1)
    tg = sweep(path, sec, up=(.35, 1, 0), scale=np.stack([width, thick], 1))
    tg.uv = np.stack([tg.v[tg.t][..., 0] * 42 + tg.v[tg.t][..., 1] * 30, tg.v[tg.t][..., 2] * 42], -1)
    P.add('tongue', tg)
    # laces: crossings over the throat, and a bow
    xs = np.linspace(.052, -.024, 6)
    zs = np.linspace(.0172, .0215, 6)
    flat = fillet([(.0029, -.00085, .0006), (.0029, .00085, .0006), (-.0029, .00085, .0006), (-.0029, -.00085, .0006)], 1, True)
    def lace(pts, k=9, sec=flat, up=None):
        line = smooth_line(pts, k)
        m = sweep(line, sec, up=(.25, 1, 0) if up is None else up, crease=95)
        L = np.r_[0, np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))]
        i = np.argmin(((m.v[m.t][:, :, None] - line[None, None]) ** 2).sum(-1), -1) if len(m.t) < 4000 else None
        m.uv = np.stack([L[i] * 220, m.v[m.t][..., 1] * 160], -1)
        P.add('lace', m)
    place = lambda x, z, h: v3(x, on_top(x, z - .002) + h, z - .002)
    crown = lambda x: max(on_top(x, 0) + .0012, on_top(x, .017))
    for i in range(6):
        for sg in (-1, 1):
            at = place(xs[i], sg * zs[i], .0012)
            P.add('eyelet', torus(.0026, .0007, 12, 5).xf(E(-sg * 32, 0, 18 if xs[i] > -.01 else 30), at))
    lace([place(xs[0], zs[0], .0006), place(xs[0] + .001, zs[0] * .6, .0030), v3(xs[0] + .001, crown(xs[0]) + .0030, -.002), place(xs[0] + .001, -zs[0] * .6, .0030), place(xs[0], -zs[0], .0006)])
    for i in range(5):
        for sg in (-1, 1):
            h = .0026 if sg > 0 else .0046
            a_, b_ = place(xs[i], sg * zs[i], .0004), place(xs[i + 1], -sg * zs[i + 1], .0004)
            mid = v3((xs[i] + xs[i + 1]) / 2, crown((xs[i] + xs[i + 1]) / 2) + h, -.002)
            lace([a_, a_ * .72 + mid * .28 + v3(0, .0014, 0), mid, b_ * .72 + mid * .28 + v3(0, .0014, 0), b_])
    kx = -.0300
    k0 = v3(kx, crown(-.024) + .0075, -.002)
    P.add('lace', rbox(k0, (.0085, .0058, .0100), .0026, 3, E(0, 0, 28)))
    for sg in (-1, 1):
        lace([place(xs[5], sg * zs[5], .0004), place(xs[5], sg * .012, .0040), k0])
        loop = [k0, k0 + v3(.006, .0065, sg * .010), k0 + v3(.010, .0035, sg * .024), k0 + v3(.008, -.0080, sg * .034), k0 + v3(.000, -.0150, sg * .034), k0 + v3(-.002, -.0085, sg * .022), k0 + v3(0, .0010, sg * .008), k0]
        lace(loop, 18, up=(.15, .55, sg * .5))
        tail = [k0, k0 + v3(.010, .0030, sg * .007), k0 + v3(.022, -.0060, sg * .016), k0 + v3(.030, -.0190, sg * .026), k0 + v3(.033, -.0320, sg * .0315)]
        lace(tail, 12, up=(.4, .6, sg * .6))
        e, d = np.array(tail[-1]), norm(np.array(tail[-1]) - np.array(tail[-2]))
        P.add('eyelet', tube([e, e + d * .010], .0014, 8))
    # mark on the outer side
    x, y = -.106, TOP(np.array(-.106))[0] + .024
    w, h = .044, .022
    mark, _ = cut(skin, lambda p: np.where(p[:, 2] > 0, np.abs(p[:, 0] - x) - w / 2, 1.))
    mark, _ = cut(mark, lambda p: y - h / 2 - p[:, 1])
    mark, _ = cut(mark, lambda p: p[:, 1] - y - h / 2)
    P.add('label', flat_uv(lifted(mark, .0016), (x - w / 2, y + h / 2, 0), (w, 0, 0), (0, -h, 0)))
    return P


def knit():
    n = 64
    y, x = np.meshgrid(np.arange(n) / n * 8, np.arange(n) / n * 8, indexing='ij')
    s = (np.floor(y) % 2) * .5
    u, v = (x + s) % 1 - .5, y % 1 - .5
    return np.clip(1.1 - np.hypot(u * 1.7, v * 2.1) * 1.5, 0, 1) ** .7


def braid():
    n = 32
    y, x = np.meshgrid(np.arange(n) / n, np.arange(n) / n, indexing='ij')
    return np.maximum(np.abs(np.sin((x + y) * PI * 2)), np.abs(np.sin((x - y) * PI * 2))) ** .5


TEX.update({
    'knit_shoe': lambda: normal_from(knit(), 2.6, 10),
    'lace_n': lambda: normal_from(braid(), 2.4, 10),
})
