"""Shapes that products need beside those of gltf_models.py: fillets, plates with rounded edges, smooth surfaces of
control points, and surfaces that are cut along a line and thickened."""
import math

import numpy as np

from gltf_models import (
    E, grid_mesh, join, join_creased, lathe, Mesh, norm, orient, PI, v3)


# --------------------------------------------------------------- lines in a plane

def fillet(pts, seg=4, closed=False):
    """Rounds the corners of a line; rows (x, y, radius)."""
    P = [tuple(p) + (0.,) * (3 - len(p)) for p in pts]
    out = []
    n = len(P)
    for i, (x, y, r) in enumerate(P):
        p = v3(x, y)
        if r <= 0 or (not closed and i in (0, n - 1)):
            out.append(p)
            continue
        a, b = v3(*P[i - 1][:2]) - p, v3(*P[(i + 1) % n][:2]) - p
        la, lb = np.linalg.norm(a), np.linalg.norm(b)
        a, b = a / la, b / lb
        half = math.acos(max(-1., min(1., float(a @ b)))) / 2
        if half > PI / 2 - 1e-3:
            out.append(p)
            continue
        d = min(r / math.tan(half), la * .49, lb * .49)
        rr = d * math.tan(half)
        c = p + norm(a + b) * (rr / math.sin(half))
        s, e = p + a * d - c, p + b * d - c
        turn = math.acos(max(-1., min(1., float(s @ e) / rr ** 2)))
        for k in range(seg + 1):
            t = k / seg
            out.append(c + (s * math.sin((1 - t) * turn) + e * math.sin(t * turn)) / math.sin(turn))
    return np.array(out)


def rrect(w, h, r, seg=5, c=(0, 0)):
    """Rounded rectangle, counter-clockwise."""
    o = fillet([(w / 2, -h / 2, r), (w / 2, h / 2, r), (-w / 2, h / 2, r), (-w / 2, -h / 2, r)], seg, True)
    return o + np.asarray(c, float)


def squircle(w, h, k=4., n=48):
    """Superellipse, counter-clockwise."""
    a = np.arange(n) * 2 * PI / n
    f = lambda x: np.sign(x) * np.abs(x) ** (2 / k)
    return np.stack([f(np.cos(a)) * w / 2, f(np.sin(a)) * h / 2], 1)


def circle(r, n=32, c=(0, 0)):
    a = np.arange(n) * 2 * PI / n
    return np.stack([np.cos(a) * r, np.sin(a) * r], 1) + np.asarray(c, float)


def inset(o, d):
    """Moves a closed counter-clockwise line inwards."""
    prev, nxt = np.roll(o, 1, 0), np.roll(o, -1, 0)
    nrm = lambda e: norm(np.stack([e[:, 1], -e[:, 0]], 1))
    a, b = nrm(o - prev), nrm(nxt - o)
    m = norm(a + b)
    return o - m * (d / np.maximum((m * a).sum(1), .5))[:, None]


# --------------------------------------------------------------- solids

def rings(rows, cap0=True, cap1=True, crease=40., uv=None):
    """Closed rings (k, n, 3) joined, with flat ends.  uv: rows (k, n + 1, 2)."""
    R = np.asarray(rows, float)
    m = grid_mesh(np.swapaxes(R, 0, 1), True, uv, crease=crease)
    parts = [m]
    n = R.shape[1]
    i = np.arange(n)
    j = (i + 1) % n
    for ring, on, t in ((R[0], cap0, np.stack([i * 0 + n, j, i], 1)), (R[-1], cap1, np.stack([i * 0 + n, i, j], 1))):
        if on:
            f = Mesh(np.concatenate([ring, [ring.mean(0)]]), t, crease=crease)
            f.uv = np.zeros((n, 3, 2))
            parts.append(f)
    out = join(parts)
    out.crease = crease
    return out


def plate(o, h, bevel=.001, seg=3, y=0., crease=40., bottom=None, ends=(True, True)):
    """Closed line (n, 2) in (x, -z) drawn up by h from y, with rounded edges.  Seen from above the line is as given."""
    b = min(bevel, h * .49)
    b0 = b if bottom is None else min(bottom, h * .49)
    rows = []                                             # inset, height, slope of the normal
    a = np.linspace(0, PI / 2, seg + 1)
    rows += [(b0 * (1 - math.sin(t)), y + b0 * (1 - math.cos(t)), t - PI / 2) for t in a] if b0 > 0 else [(0, y, 0)]
    rows += [(b * (1 - math.cos(t)), y + h - b * (1 - math.sin(t)), t) for t in a] if b > 0 else [(0, y + h, 0)]
    R = []
    for d, yy, _ in rows:
        q = inset(o, d)
        R.append(np.stack([q[:, 0], np.full(len(q), yy), -q[:, 1]], 1))
    m = orient(rings(R, *ends, crease=crease))
    side = norm(np.roll(o, -1, 0) - o)
    turn = (side * np.roll(side, 1, 0)).sum(1)
    if b <= 0 or b0 <= 0 or turn.min() < math.cos(math.radians(48)) or not all(ends):
        return m
    # Known normals: flat faces stay flat up to their edge, and only the roundings shade.
    out = norm(np.roll(side, 1, 0) + side)
    out = np.stack([out[:, 1], 0 * out[:, 0], out[:, 0]], 1)
    N = np.array([out * math.cos(t) + v3(0, math.sin(t), 0) for *_, t in rows])
    k, n = N.shape[:2]
    normals = np.concatenate([np.swapaxes(N, 0, 1).reshape(-1, 3), np.repeat([v3(0, -1, 0)], n + 1, 0), np.repeat([v3(0, 1, 0)], n + 1, 0)])
    m.n = normals[:len(m.v)]
    return m


def face(o, y=0., crease=40.):
    """Flat closed line seen from above, UV 0..1 across its bounds, v downwards."""
    c = o.mean(0)
    n = len(o)
    q = np.concatenate([o, [c]])
    v = np.stack([q[:, 0], np.full(n + 1, y), -q[:, 1]], 1)
    i = np.arange(n)
    t = np.stack([np.full(n, n), i, (i + 1) % n], 1)
    lo, hi = o.min(0), o.max(0)
    u = (q - lo) / (hi - lo)
    u[:, 1] = 1 - u[:, 1]
    return Mesh(v, t, None, u[t], crease)


def ring_plate(o, i, h, bevel=.0005, seg=2, y=0., crease=40.):
    """Plate with a hole; the outer and the inner line have as many points."""
    a = np.linspace(0, PI / 2, seg + 1)
    b = bevel
    rows = [(o, b * (1 - math.cos(t)), y + h - b * (1 - math.sin(t))) for t in a]
    rows += [(i, -b * (1 - math.sin(t)), y + h - b * (1 - math.cos(t))) for t in a]
    rows += [(i, 0, y), (o, 0, y), rows[0]]
    R = []
    for line, d, yy in rows:
        q = inset(line, d) if d else line
        R.append(np.stack([q[:, 0], np.full(len(q), yy), -q[:, 1]], 1))
    m = grid_mesh(np.swapaxes(np.array(R), 0, 1), True, crease=crease)
    return orient(m)


def turned(pts, n=48, seg=4, crease=30., uvs=(1, 1)):
    """Lathe of a line with fillets; rows (radius, height, fillet), bottom to top."""
    return lathe(fillet(pts, seg), n, crease=crease, uvs=uvs)


def rbox(c, size, r, seg=3, R=None, crease=40.):
    """Box with edges rounded by real arcs."""
    w, h, d = size
    r = min(r, min(size) * .49)
    m = plate(rrect(w, d, r, seg), h, r, seg, -h / 2, crease)
    return m.xf(R, c)


def sweep(path, sec, up=(0, 1, 0), closed=False, caps=True, crease=40., scale=None):
    """A closed section (k, 2) along a path: x of it to the side, y along `up`."""
    path = np.asarray(path, float)
    if closed:
        T = norm(np.roll(path, -1, 0) - np.roll(path, 1, 0))
    else:
        T = norm(np.gradient(path, axis=0))
    U = np.asarray(up, float) * np.ones((len(path), 1))
    N = norm(U - T * (U * T).sum(1, keepdims=True))
    B = np.cross(T, N)
    s = np.ones((len(path), 1)) if scale is None else np.asarray(scale, float).reshape(len(path), -1)
    s = s if s.shape[1] == 2 else np.repeat(s, 2, 1)
    sec = np.asarray(sec, float)
    R = path[:, None] + B[:, None] * (sec[None, :, :1] * s[:, None, :1]) + N[:, None] * (sec[None, :, 1:] * s[:, None, 1:])
    if closed:
        R = np.concatenate([R, R[:1]])
    m = rings(R, caps and not closed, caps and not closed, crease)
    return orient(m)


# --------------------------------------------------------------- smooth surfaces

def _weights(n, count):
    """Uniform cubic B-spline through both ends, as a matrix (count, n)."""
    s = np.linspace(0, n - 1, count)
    i = np.minimum(s.astype(int), n - 2)
    t = s - i
    W = np.zeros((count, n + 2))
    k = np.arange(count)
    for j, w in enumerate(((1 - t) ** 3, 3 * t ** 3 - 6 * t ** 2 + 4, -3 * t ** 3 + 3 * t ** 2 + 3 * t + 1, t ** 3)):
        W[k, i + j] += w / 6
    # The points before the first and after the last mirror their neighbours.
    M = W[:, 1:-1].copy()
    M[:, 0] += 2 * W[:, 0]
    M[:, 1] -= W[:, 0]
    M[:, -1] += 2 * W[:, -1]
    M[:, -2] -= W[:, -1]
    return M


def smooth_surface(C, nu, nv):
    """Cubic surface (nu, nv, 3) of control points (m, k, 3)."""
    C = np.asarray(C, float)
    return np.einsum('am,bk,mkc->abc', _weights(C.shape[0], nu), _weights(C.shape[1], nv), C)


def smooth_line(C, n):
    C = np.asarray(C, float)
    return _weights(len(C), n) @ C


# --------------------------------------------------------------- cutting

def bake(m):
    """Every corner its own vertex with its normal, as `cut` needs it."""
    return join_creased([m])


def cut(m, f):
    """Splits a baked mesh where f changes its sign: (below, above).  f maps points (n, 3), or points and UV, to numbers."""
    P, N, U = m.v.reshape(-1, 3, 3), m.n.reshape(-1, 3, 3), m.uv
    V = (f(m.v, m.uv.reshape(-1, 2)) if f.__code__.co_argcount == 2 else f(m.v)).reshape(-1, 3)
    V = np.where(np.abs(V) < 1e-9, 1e-9, V)
    S = V > 0
    k = S.sum(1)
    sides = [[(P[k == 0], N[k == 0], U[k == 0])], [(P[k == 3], N[k == 3], U[k == 3])]]
    for lone in (1, 2):
        sel = k == lone
        if not sel.any():
            continue
        s = S[sel] if lone == 1 else ~S[sel]
        first = np.argmax(s, 1)
        roll = (first[:, None] + np.arange(3)) % 3
        g = lambda A: np.take_along_axis(A[sel], roll[:, :, None], 1)
        p, n, u = g(P), g(N), g(U)
        v = np.take_along_axis(V[sel], roll, 1)

        def mid(A, i, j):
            t = (v[:, i] / (v[:, i] - v[:, j]))[:, None]
            return A[:, i] + (A[:, j] - A[:, i]) * t
        tip, rest = [], []
        for A in (p, n, u):
            ab, ac = mid(A, 0, 1), mid(A, 0, 2)
            tip.append(np.stack([A[:, 0], ab, ac], 1))
            rest.append(np.concatenate([np.stack([ab, A[:, 1], A[:, 2]], 1), np.stack([ab, A[:, 2], ac], 1)]))
        sides[1 if lone == 1 else 0].append(tuple(tip))
        sides[0 if lone == 1 else 1].append(tuple(rest))
    out = []
    for s in sides:
        p, n, u = (np.concatenate([x[i] for x in s]) for i in range(3))
        out.append(Mesh(p.reshape(-1, 3), np.arange(len(p) * 3).reshape(-1, 3), norm(n.reshape(-1, 3)), u))
    return out


def engrave(m, f, width, where):
    """Cuts out a line of a width along f = 0 among the triangles whose corners are all in a region: (rest, line)."""
    inside = where(m.v).reshape(-1, 3).all(1)
    pick = lambda k: Mesh(m.v.reshape(-1, 3, 3)[k].reshape(-1, 3), np.arange(int(k.sum()) * 3).reshape(-1, 3), m.n.reshape(-1, 3, 3)[k].reshape(-1, 3), m.uv[k])
    rest, part = pick(~inside), pick(inside)
    below, part = cut(part, lambda p: f(p) + width / 2)
    line, above = cut(part, lambda p: f(p) - width / 2)
    return join([rest, below, above]), line


def borders(m):
    """Directed border edges of a baked mesh as corner indices (k, 2)."""
    key = np.round(m.v * 1e6).astype(np.int64)
    _, w = np.unique(key, axis=0, return_inverse=True)
    w = w.reshape(-1)[m.t]
    a = np.concatenate([w[:, [0, 1]], w[:, [1, 2]], w[:, [2, 0]]])
    c = np.concatenate([m.t[:, [0, 1]], m.t[:, [1, 2]], m.t[:, [2, 0]]])
    good = a[:, 0] != a[:, 1]
    a, c = a[good], c[good]
    n = int(w.max()) + 1
    code, back = a[:, 0] * n + a[:, 1], a[:, 1] * n + a[:, 0]
    lone = ~np.isin(code, back)
    return a[lone], c[lone]


def shell(m, t, bulge=.5, down=1.3):
    """A baked patch lifted by t along its normals, with a rounded rim down to where it was."""
    top = Mesh(m.v + m.n * t, m.t, m.n, m.uv)
    w, c = borders(m)
    if not len(c):
        return top
    e = m.v[c[:, 1]] - m.v[c[:, 0]]
    out = norm(np.cross(e, m.n[c[:, 0]] + m.n[c[:, 1]]))
    n = int(w.max()) + 1
    acc = np.zeros((n, 3))
    np.add.at(acc, w[:, 0], out)
    np.add.at(acc, w[:, 1], out)
    acc = norm(acc)
    parts = [top]
    rows = []
    for k in (0, 1):
        v, nn, o = m.v[c[:, k]], m.n[c[:, k]], acc[w[:, k]]
        rows.append([(v + nn * t, nn), (v + nn * t * .45 + o * t * bulge, norm(nn + o * 1.6)), (v - nn * t * (down - 1) + o * t * bulge, o)])
    for i in (0, 1):
        a, b = rows[0][i], rows[1][i]
        d, cc = rows[0][i + 1], rows[1][i + 1]
        p = np.stack([a[0], d[0], b[0], b[0], d[0], cc[0]], 1).reshape(-1, 3)
        q = np.stack([a[1], d[1], b[1], b[1], d[1], cc[1]], 1).reshape(-1, 3)
        k = len(p) // 3
        uv = np.repeat(m.uv.reshape(-1, 2)[c[:, 0]], 6, 0).reshape(-1, 3, 2)
        parts.append(Mesh(p, np.arange(k * 3).reshape(-1, 3), q, uv))
    return join(parts)


def lifted(m, t):
    """A baked patch moved along its normals."""
    return Mesh(m.v + m.n * t, m.t, m.n, m.uv)


def turned_inside(m):
    """The same patch seen from behind."""
    return Mesh(m.v, m.t[:, ::-1].copy(), -m.n, m.uv[:, ::-1].copy())


def flat_uv(m, o, x, y):
    """UV 0..1 from a corner o along the vectors x (to the right) and y (downwards)."""
    x, y = np.asarray(x, float), np.asarray(y, float)
    q = m.v[m.t] - np.asarray(o, float)
    m.uv = np.stack([q @ x / (x @ x), q @ y / (y @ y)], -1)
    return m


def upright(m, z=0., y=0., x=0.):
    """Turns what was drawn from above so that it faces +Z."""
    return m.xf(E(90), (x, y, z))


def border_lines(m):
    """Closed lines round a baked patch: rows (points, normals, outwards), longest first."""
    w, c = borders(m)
    nxt = {}
    for k, (a, b) in enumerate(w):
        nxt.setdefault(int(a), k)
    used, out = set(), []
    for k0 in range(len(w)):
        if k0 in used:
            continue
        k, line = k0, []
        while k is not None and k not in used:
            used.add(k)
            line.append(k)
            k = nxt.get(int(w[k][1]))
        i = c[line, 0]
        e = m.v[c[line, 1]] - m.v[i]
        o = norm(np.cross(e, m.n[i]))
        o = norm(o + np.roll(o, 1, 0))
        out.append((m.v[i], m.n[i], o))
    out.sort(key=lambda r: -np.linalg.norm(np.diff(r[0], axis=0), axis=1).sum())
    return out


def resample(line, step, *more):
    """Points of a closed line at equal steps, and further rows beside it likewise."""
    p = np.concatenate([line, line[:1]])
    L = np.r_[0, np.cumsum(np.linalg.norm(np.diff(p, axis=0), axis=1))]
    s = np.arange(max(4, int(L[-1] / step))) * (L[-1] / max(4, int(L[-1] / step)))
    pick = lambda a: np.stack([np.interp(s, L, np.r_[a[:, i], a[0, i]]) for i in range(3)], -1)
    return [pick(line)] + [norm(pick(a)) for a in more]


def relaxed(line, times=2):
    for _ in range(times):
        line = (np.roll(line, 1, 0) + 2 * line + np.roll(line, -1, 0)) / 4
    return line


def stitches(m, inside, lift, step=.0046, length=.0030, r=.00032, keep=None):
    """A seam of short threads along the border of a patch."""
    out = []
    for line, n, o in border_lines(m):
        if len(line) < 12:
            continue
        p, n, o = resample(line, step, n, o)
        p = p - o * inside + n * lift
        d = norm(np.roll(p, -1, 0) - np.roll(p, 1, 0))
        for q, t, k in zip(p, d, n):
            if keep is not None and not keep(q):
                continue
            side = np.cross(t, k)
            a, b = q - t * length / 2, q + t * length / 2
            v = [a - k * r, q + side * r, q + k * r, q - side * r, b - k * r]
            out.append(Mesh(np.array(v), np.array([(0, 1, 2), (0, 2, 3), (4, 2, 1), (4, 3, 2)]), crease=90))
    return out
