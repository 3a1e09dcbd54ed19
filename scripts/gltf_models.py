"""Shapes, textures and GLB files for the scripts that write models (make_models.py, make_products.py).

Needs numpy, nothing else.  Metres, y up.  Nothing here depends on time or chance.
"""
import json
import math
import os
import struct
import sys
import zlib

import numpy as np

PI = math.pi

# Textures (name: function that returns the picture) and materials (name: values), filled in by each script.
TEX = {}
MATS = {}


def rng(seed):
    return np.random.default_rng(seed)


def v3(*a):
    return np.array(a, float)


def norm(v):
    v = np.asarray(v, float)
    return v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-12)


def sstep(a, b, x):
    t = np.clip((np.asarray(x, float) - a) / (b - a), 0, 1)
    return t * t * (3 - 2 * t)


def lin(hexs):
    """'#rrggbb' to linear RGB."""
    c = np.array([int(hexs[i:i + 2], 16) for i in (1, 3, 5)]) / 255
    return [round(float(x), 5) for x in np.where(c <= .04045, c / 12.92, ((c + .055) / 1.055) ** 2.4)]


def rgb(hexs):
    return np.array([int(hexs[i:i + 2], 16) for i in (1, 3, 5)], float)


# --------------------------------------------------------------- rotations

def axrot(axis, a):
    x, y, z = norm(axis)
    c, s = math.cos(a), math.sin(a)
    C = 1 - c
    return np.array([[c + x * x * C, x * y * C - z * s, x * z * C + y * s],
                     [y * x * C + z * s, c + y * y * C, y * z * C - x * s],
                     [z * x * C - y * s, z * y * C + x * s, c + z * z * C]])


def E(x=0, y=0, z=0):
    """Degrees, applied x first, then y, then z."""
    r = math.radians
    return axrot((0, 0, 1), r(z)) @ axrot((0, 1, 0), r(y)) @ axrot((1, 0, 0), r(x))


def quat(R):
    t = np.trace(R)
    if t > 0:
        s = math.sqrt(t + 1) * 2
        q = [(R[2, 1] - R[1, 2]) / s, (R[0, 2] - R[2, 0]) / s, (R[1, 0] - R[0, 1]) / s, s / 4]
    else:
        i = int(np.argmax(np.diag(R)))
        j, k = (i + 1) % 3, (i + 2) % 3
        s = math.sqrt(max(1e-12, 1 + R[i, i] - R[j, j] - R[k, k])) * 2
        q = [0, 0, 0, 0]
        q[i] = s / 4
        q[j] = (R[j, i] + R[i, j]) / s
        q[k] = (R[k, i] + R[i, k]) / s
        q[3] = (R[k, j] - R[j, k]) / s
    q = np.array(q)
    return q / np.linalg.norm(q)


# --------------------------------------------------------------- implicit shapes

def smin(a, b, k):
    h = np.maximum(k - np.abs(a - b), 0) / k
    return np.minimum(a, b) - h * h * k * .25


def smax(a, b, k):
    return -smin(-a, -b, k)


def ell(p, c, r, R=None):
    q = p - np.asarray(c, float)
    if R is not None:
        q = q @ R
    r = np.asarray(r, float)
    k0 = np.linalg.norm(q / r, axis=-1)
    k1 = np.linalg.norm(q / (r * r), axis=-1)
    return k0 * (k0 - 1) / np.maximum(k1, 1e-9)


def cap(p, a, b, ra, rb):
    a, b = np.asarray(a, float), np.asarray(b, float)
    ab = b - a
    t = np.clip(((p - a) @ ab) / (ab @ ab), 0, 1)
    return np.linalg.norm(p - a - t[..., None] * ab, axis=-1) - (ra + t * (rb - ra))


def rbox_sdf(p, c, half, r):
    q = np.abs(p - np.asarray(c, float)) - (np.asarray(half, float) - r)
    return np.linalg.norm(np.maximum(q, 0), axis=-1) + np.minimum(q.max(-1), 0) - r


def mono(keys):
    """Smooth interpolation through rows (y, a, b, ...), y ascending (cubic, non overshooting)."""
    K = np.asarray(sorted(keys), float)
    x, Y = K[:, 0], K[:, 1:]
    h = np.diff(x)[:, None]
    d = np.diff(Y, axis=0) / h
    m = np.zeros_like(Y)
    m[0], m[-1] = d[0], d[-1]
    for i in range(1, len(x) - 1):
        same = d[i - 1] * d[i] > 0
        m[i] = np.where(same, 2 * d[i - 1] * d[i] / np.where(same, d[i - 1] + d[i], 1), 0)

    def f(q):
        q = np.clip(q, x[0], x[-1])
        i = np.clip(np.searchsorted(x, q) - 1, 0, len(x) - 2)
        hh = h[i, 0][..., None]
        t = (q - x[i])[..., None] / hh
        return ((2 * t ** 3 - 3 * t ** 2 + 1) * Y[i] + (t ** 3 - 2 * t ** 2 + t) * hh * m[i]
                + (-2 * t ** 3 + 3 * t ** 2) * Y[i + 1] + (t ** 3 - t ** 2) * hh * m[i + 1])
    return f


def loft_sdf(keys, ysm=.03, disp=None):
    """Vertical stack of ellipses; keys rows (y, rx, rz, cz)."""
    f = mono(keys)
    ys = sorted(k[0] for k in keys)

    def d(p):
        k = f(p[..., 1])
        rx, rz, cz = k[..., 0], k[..., 1], k[..., 2]
        x, z = p[..., 0], p[..., 2] - cz
        q = np.sqrt((x / rx) ** 2 + (z / rz) ** 2)
        q2 = np.sqrt((x / rx ** 2) ** 2 + (z / rz ** 2) ** 2)
        e = q * (q - 1) / np.maximum(q2, 1e-6)
        if disp is not None:
            e = e - disp(p, np.arctan2(x, z))
        return smax(smax(e, p[..., 1] - ys[-1], ysm), ys[0] - p[..., 1], min(ysm, .012))
    return d


def axis(lo, hi, h, fine=()):
    """Non uniform grid coordinates: spacing h, finer in (a, b, hf) spans."""
    out = [lo]
    while out[-1] < hi:
        s = h
        for a, b, hf in fine:
            g = max(a - out[-1], out[-1] - b, 0)
            s = min(s, hf + g * .35)
        out.append(out[-1] + s)
    return np.array(out)


def grad(f, p, e):
    g = np.empty_like(p)
    for i in range(3):
        o = np.zeros(3)
        o[i] = e
        g[..., i] = (f(p + o) - f(p - o)) / (2 * e)
    return g


def project(f, p, off=0., it=5, e=.002, lim=.05):
    p = np.array(p, float)
    for _ in range(it):
        g = grad(f, p, e)
        d = (f(p) - off)[..., None] * g / np.maximum((g * g).sum(-1, keepdims=True), .05)
        L = np.linalg.norm(d, axis=-1, keepdims=True)
        p -= d * np.minimum(1, lim / np.maximum(L, 1e-9))
    return p


def ray(f, o, d, tmax=.6, n=240):
    """First surface point from outside along d."""
    o, d = np.asarray(o, float), norm(d)
    ts = np.linspace(0, tmax, n)
    v = f(o + ts[:, None] * d)
    i = int(np.argmax(v < 0))
    if i == 0:
        return o + d * ts[int(np.argmin(v))]
    a, b = ts[i - 1], ts[i]
    for _ in range(20):
        m = (a + b) / 2
        if f((o + m * d)[None])[0] < 0:
            b = m
        else:
            a = m
    return o + d * a


# --------------------------------------------------------------- meshes

class Mesh:
    """v (n,3), t (m,3), optional per-vertex n, optional per-corner uv (m,3,2)."""

    def __init__(self, v, t, n=None, uv=None, crease=50.):
        self.v, self.t = np.asarray(v, float).reshape(-1, 3), np.asarray(t, int).reshape(-1, 3)
        self.n, self.uv, self.crease = n, uv, crease

    def copy(self):
        return Mesh(self.v.copy(), self.t.copy(), None if self.n is None else self.n.copy(),
                    None if self.uv is None else self.uv.copy(), self.crease)

    def xf(self, R=None, t=(0, 0, 0), s=1.):
        m = self.copy()
        s = np.asarray(s, float) * np.ones(3)
        m.v = m.v * s
        if m.n is not None:
            m.n = norm(m.n / s)
        if R is not None:
            m.v = m.v @ np.asarray(R).T
            if m.n is not None:
                m.n = m.n @ np.asarray(R).T
        m.v = m.v + np.asarray(t, float)
        return m

    def mirror(self):
        m = self.copy()
        m.v[:, 0] *= -1
        m.t = m.t[:, ::-1].copy()
        if m.uv is not None:
            m.uv = m.uv[:, ::-1].copy()
        if m.n is not None:
            m.n[:, 0] *= -1
        return m

    def sub(self, keep):
        m = self.copy()
        m.t = m.t[keep]
        if m.uv is not None:
            m.uv = m.uv[keep]
        return m

    def fn(self):
        a, b, c = self.v[self.t[:, 0]], self.v[self.t[:, 1]], self.v[self.t[:, 2]]
        return np.cross(b - a, c - a)


def join(ms):
    ms = list(ms)
    o, vs, ts, uvs, ns = 0, [], [], [], []
    for m in ms:
        vs.append(m.v)
        ts.append(m.t + o)
        uvs.append(m.uv if m.uv is not None else np.zeros((len(m.t), 3, 2)))
        ns.append(m.n)
        o += len(m.v)
    n = np.concatenate(ns) if all(x is not None for x in ns) else None
    return Mesh(np.concatenate(vs), np.concatenate(ts), n, np.concatenate(uvs), ms[0].crease)


def surface_nets(f, xs, ys, zs, neps=None, relax=1, proj=3, ratio=.5, keep=None):
    P = np.stack(np.meshgrid(xs, ys, zs, indexing='ij'), -1)
    V = f(P)
    S = V < 0
    nx, ny, nz = V.shape
    acc = np.zeros((nx - 1, ny - 1, nz - 1, 3))
    cnt = np.zeros((nx - 1, ny - 1, nz - 1))

    def sl(o):
        return (slice(o[0], nx - 1 + o[0]), slice(o[1], ny - 1 + o[1]), slice(o[2], nz - 1 + o[2]))
    for ax in range(3):
        for u in (0, 1):
            for w in (0, 1):
                a = [u, w]
                a.insert(ax, 0)
                b = list(a)
                b[ax] = 1
                A, B = sl(a), sl(b)
                c = S[A] != S[B]
                va, vb = V[A][c], V[B][c]
                t = (va / (va - vb))[:, None]
                acc[c] += P[A][c] + t * (P[B][c] - P[A][c])
                cnt[c] += 1
    act = cnt > 0
    idx = -np.ones(cnt.shape, int)
    idx[act] = np.arange(act.sum())
    v = acc[act] / cnt[act][:, None]
    quads = []
    for ax in range(3):
        o1, o2 = [(1, 2), (2, 0), (0, 1)][ax]
        lo = [slice(1, -1)] * 3
        lo[ax] = slice(0, -1)
        hi = list(lo)
        hi[ax] = slice(1, None)
        s0, s1 = S[tuple(lo)], S[tuple(hi)]
        c = np.argwhere(s0 != s1)
        if not len(c):
            continue
        flip = s1[tuple(c.T)]
        base = c.copy()
        base[:, o1] += 1
        base[:, o2] += 1

        def cell(d1, d2):
            q = base.copy()
            q[:, o1] += d1
            q[:, o2] += d2
            return idx[tuple(q.T)]
        q = np.stack([cell(-1, -1), cell(0, -1), cell(0, 0), cell(-1, 0)], 1)
        q[flip] = q[flip][:, ::-1]
        quads.append(q)
    q = np.concatenate(quads)
    h = min(np.diff(xs).min(), np.diff(ys).min(), np.diff(zs).min())
    eps = neps or h * .5
    for r in range(relax):
        s = np.zeros_like(v)
        k = np.zeros(len(v))
        for i in range(4):
            np.add.at(s, q[:, i], v[q[:, (i + 1) % 4]] + v[q[:, (i + 3) % 4]])
            np.add.at(k, q[:, i], 2)
        v = v * .5 + .5 * s / np.maximum(k, 1)[:, None]
        v = project(f, v, it=proj, e=eps * .5, lim=h * .7)
    # split quads along the shorter diagonal
    d1 = np.linalg.norm(v[q[:, 0]] - v[q[:, 2]], axis=1)
    d2 = np.linalg.norm(v[q[:, 1]] - v[q[:, 3]], axis=1)
    a = np.where((d1 <= d2)[:, None], q[:, [0, 1, 2]], q[:, [0, 1, 3]])
    b = np.where((d1 <= d2)[:, None], q[:, [0, 2, 3]], q[:, [1, 2, 3]])
    t = np.concatenate([a, b])
    if ratio < 1:
        v, t = decimate(v, t, ratio, None if keep is None else keep(v))
    return Mesh(v, t, norm(grad(f, v, eps)))


def decimate(v, t, ratio, keep=None):
    """Quadric edge collapse in independent batches; v and t of a closed surface. keep: extra cost per vertex."""
    v, t = v.copy(), t.copy()
    target = int(len(t) * ratio)

    def quadrics(v, t):
        n = np.cross(v[t[:, 1]] - v[t[:, 0]], v[t[:, 2]] - v[t[:, 0]])
        a = np.linalg.norm(n, axis=1)
        n = n / np.maximum(a, 1e-14)[:, None]
        p = np.concatenate([n, -(n * v[t[:, 0]]).sum(1, keepdims=True)], 1)
        q = p[:, :, None] * p[:, None, :] * a[:, None, None]
        Q = np.zeros((len(v), 4, 4))
        for i in range(3):
            np.add.at(Q, t[:, i], q)
        return Q
    Q = quadrics(v, t)
    kw = np.ones(len(v)) if keep is None else keep
    for it in range(60):
        if len(t) <= target:
            break
        e = np.sort(np.concatenate([t[:, [0, 1]], t[:, [1, 2]], t[:, [2, 0]]]), 1)
        e = np.unique(e, axis=0)
        Qe = Q[e[:, 0]] + Q[e[:, 1]]
        mid = (v[e[:, 0]] + v[e[:, 1]]) / 2
        L2 = ((v[e[:, 0]] - v[e[:, 1]]) ** 2).sum(1)
        tr = np.trace(Qe[:, :3, :3], axis1=1, axis2=2)
        A = Qe[:, :3, :3] + np.eye(3) * (tr * .02 + 1e-12)[:, None, None]
        b = -Qe[:, :3, 3] + mid * (tr * .02 + 1e-12)[:, None]
        pos = np.linalg.solve(A, b[..., None])[..., 0]
        far = ((pos - mid) ** 2).sum(1) > L2
        pos[far] = mid[far]
        h = np.concatenate([pos, np.ones((len(e), 1))], 1)
        cost = np.einsum('ni,nij,nj->n', h, Qe, h) + L2 * tr * .004
        cost = cost * np.maximum(kw[e[:, 0]], kw[e[:, 1]])
        order = np.argsort(cost, kind='stable')
        rank = np.empty(len(e), int)
        rank[order] = np.arange(len(e))
        vm = np.full(len(v), len(e))
        np.minimum.at(vm, e[:, 0], rank)
        np.minimum.at(vm, e[:, 1], rank)
        vm2 = vm.copy()
        np.minimum.at(vm2, e[:, 0], vm[e[:, 1]])
        np.minimum.at(vm2, e[:, 1], vm[e[:, 0]])
        sel = np.flatnonzero((rank == vm2[e[:, 0]]) & (rank == vm2[e[:, 1]]) & (rank < len(e) * .5))
        sel = sel[np.argsort(rank[sel])][:max(1, (len(t) - target) // 2)]
        # link condition through neighbour lists
        d = np.concatenate([e, e[:, ::-1]])
        d = d[np.lexsort((d[:, 1], d[:, 0]))]
        st = np.searchsorted(d[:, 0], np.arange(len(v) + 1))
        ok = [i for i in sel if len(np.intersect1d(d[st[e[i, 0]]:st[e[i, 0] + 1], 1], d[st[e[i, 1]]:st[e[i, 1] + 1], 1], True)) == 2]
        if not ok:
            break
        ok = np.array(ok)
        for _ in range(2):
            mp = np.arange(len(v))
            mp[e[ok, 1]] = e[ok, 0]
            nv = v.copy()
            nv[e[ok, 0]] = pos[ok]
            nt = mp[t]
            live = (nt[:, 0] != nt[:, 1]) & (nt[:, 1] != nt[:, 2]) & (nt[:, 0] != nt[:, 2])
            n0 = np.cross(v[t[:, 1]] - v[t[:, 0]], v[t[:, 2]] - v[t[:, 0]])
            n1 = np.cross(nv[nt[:, 1]] - nv[nt[:, 0]], nv[nt[:, 2]] - nv[nt[:, 0]])
            bad = live & ((norm(n0) * norm(n1)).sum(1) < .35)
            if not bad.any():
                break
            touched = np.zeros(len(v), bool)
            touched[nt[bad].ravel()] = True
            ok = ok[~touched[e[ok, 0]]]
        Q[e[ok, 0]] = Qe[ok]
        kw[e[ok, 0]] = np.maximum(kw[e[ok, 0]], kw[e[ok, 1]])
        v, t = nv, nt[live]
    used = np.unique(t)
    back = np.zeros(len(v), int)
    back[used] = np.arange(len(used))
    return v[used], back[t]


def grid_mesh(P, closed_u=False, uv=None, flip=False, crease=50.):
    """P (nu, nv, 3); closed_u wraps the first index. uv: (nu(+1), nv, 2)."""
    P = np.asarray(P, float)
    nu, nv = P.shape[:2]
    nq = nu if closed_u else nu - 1
    i, j = np.meshgrid(np.arange(nq), np.arange(nv - 1), indexing='ij')
    i, j = i.ravel(), j.ravel()
    i2 = (i + 1) % nu
    a, b, c, d = i * nv + j, i2 * nv + j, i2 * nv + j + 1, i * nv + j + 1
    t = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    if uv is None:
        uu = np.linspace(0, 1, nq + 1)
        vv = np.linspace(0, 1, nv)
        uv = np.stack(np.meshgrid(uu, vv, indexing='ij'), -1)
    g = lambda ii, jj: uv[ii, jj]
    UV = np.concatenate([np.stack([g(i, j), g(i + 1, j), g(i + 1, j + 1)], 1),
                         np.stack([g(i, j), g(i + 1, j + 1), g(i, j + 1)], 1)])
    m = Mesh(P.reshape(-1, 3), t, None, UV, crease)
    if flip:
        m.t = m.t[:, ::-1].copy()
        m.uv = m.uv[:, ::-1].copy()
    # drop degenerate triangles
    ar = np.linalg.norm(m.fn(), axis=1)
    return m.sub(ar > 1e-10)


def lathe(prof, n=24, sx=1., sz=1., crease=40., a0=0., uvs=(1, 1)):
    """prof rows (r, y), bottom to top gives outward faces."""
    prof = np.asarray(prof, float)
    if n > 6:
        crease = max(crease, 360 / n + 6)
    a = a0 + np.arange(n) * 2 * PI / n
    P = np.stack([np.sin(a)[:, None] * prof[:, 0] * sx, np.ones(n)[:, None] * prof[:, 1],
                  np.cos(a)[:, None] * prof[:, 0] * sz], -1)
    L = np.r_[0, np.cumsum(np.linalg.norm(np.diff(prof, axis=0), axis=1))]
    uv = np.stack(np.meshgrid(np.linspace(0, uvs[0], n + 1), L / max(L[-1], 1e-9) * uvs[1], indexing='ij'), -1)
    return grid_mesh(P, True, uv, crease=crease)


def frames(path):
    path = np.asarray(path, float)
    T = norm(np.gradient(path, axis=0))
    ref = v3(0, 1, 0) if abs(T[0][1]) < .9 else v3(0, 0, 1)
    N = [norm(ref - T[0] * (ref @ T[0]))]
    for i in range(1, len(T)):
        n = N[-1] - T[i] * (N[-1] @ T[i])
        N.append(norm(n))
    N = np.array(N)
    return T, N, np.cross(T, N)


def tube(path, r, sides=8, flat=1., caps=True, crease=60., closed=False, uvs=(1, 1), up=None):
    """Tube along path; r scalar or per point; flat squashes along the normal (up)."""
    path = np.asarray(path, float)
    crease = max(crease, 360 / sides + 14)
    k = len(path)
    r = np.ones(k) * r
    if closed:
        T = norm(np.roll(path, -1, 0) - np.roll(path, 1, 0))
        U = np.asarray(up, float) * np.ones((k, 1))
        N = norm(U - T * (U * T).sum(1, keepdims=True))
        B = np.cross(T, N)
    else:
        T, N, B = frames(path)
        if up is not None:
            U = np.asarray(up, float) * np.ones((k, 1))
            N = norm(U - T * (U * T).sum(1, keepdims=True))
            B = np.cross(T, N)
    a = np.arange(sides) * 2 * PI / sides
    P = path[None] + (np.cos(a)[:, None, None] * N[None] * flat + np.sin(a)[:, None, None] * B[None]) * r[None, :, None]
    if caps and not closed:
        P = np.concatenate([np.repeat(path[None, :1], sides, 0), P, np.repeat(path[None, -1:], sides, 0)], 1)
    if closed:
        P = np.concatenate([P, P[:, :1]], 1)
    L = np.r_[0, np.cumsum(np.linalg.norm(np.diff(P[0], axis=0), axis=1))]
    uv = np.stack(np.meshgrid(np.linspace(0, uvs[0], sides + 1), L / L[-1] * uvs[1], indexing='ij'), -1)
    return grid_mesh(P, True, uv, crease=crease)


def spline(pts, n):
    """Catmull-Rom through pts."""
    p = np.asarray(pts, float)
    p = np.concatenate([[2 * p[0] - p[1]], p, [2 * p[-1] - p[-2]]])
    s = np.linspace(0, len(p) - 3 - 1e-9, n)
    i = s.astype(int)
    t = (s - i)[:, None]
    a, b, c, d = p[i], p[i + 1], p[i + 2], p[i + 3]
    return .5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t ** 3)


def box(c, size, bevel=.004, R=None, uvs=1., uvo=(0, 0), faces='all'):
    """Chamfered box, grain (u) along the longest side."""
    h = np.asarray(size, float) / 2
    b = min(bevel, h.min() * .8)
    vs, ts = [], []
    key = {}

    def vid(s, ax):
        k = (tuple(s), ax)
        if k not in key:
            p = np.array(s) * (h - b)
            p[ax] = s[ax] * h[ax]
            key[k] = len(vs)
            vs.append(p)
        return key[k]

    def poly(ids):
        for i in range(1, len(ids) - 1):
            ts.append((ids[0], ids[i], ids[i + 1]))
    for ax in range(3):
        u, w = (ax + 1) % 3, (ax + 2) % 3
        for sg in (1, -1):
            if faces == 'nobottom' and ax == 1 and sg < 0:
                continue
            ids = []
            for su, sw in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
                s = [0, 0, 0]
                s[ax], s[u], s[w] = sg, su, sw
                ids.append(vid(s, ax))
            poly(ids if sg > 0 else ids[::-1])
    if b > 0:
        for ax in range(3):           # edges along ax
            u, w = (ax + 1) % 3, (ax + 2) % 3
            for su in (1, -1):
                for sw in (1, -1):
                    if faces == 'nobottom' and ((u == 1 and su < 0) or (w == 1 and sw < 0)):
                        continue
                    s0, s1 = [0, 0, 0], [0, 0, 0]
                    s0[ax], s0[u], s0[w] = -1, su, sw
                    s1[ax], s1[u], s1[w] = 1, su, sw
                    ids = [vid(s0, u), vid(s1, u), vid(s1, w), vid(s0, w)]
                    poly(ids if su * sw < 0 else ids[::-1])
        for sx in (1, -1):
            for sy in (1, -1):
                for sz in (1, -1):
                    if faces == 'nobottom' and sy < 0:
                        continue
                    s = [sx, sy, sz]
                    ids = [vid(s, 0), vid(s, 1), vid(s, 2)]
                    poly(ids if sx * sy * sz > 0 else ids[::-1])
    m = Mesh(np.array(vs), np.array(ts), crease=100.)
    # fix winding outward
    cen = m.v[m.t].mean(1)
    bad = (m.fn() * cen).sum(1) < 0
    m.t[bad] = m.t[bad][:, ::-1]
    fn = m.fn()
    dom = np.argmax(np.abs(norm(fn)) + np.array([2e-3, 1e-3, 0]), axis=1)
    uv = np.zeros((len(m.t), 3, 2))
    for ax in range(3):
        o = [i for i in range(3) if i != ax]
        o.sort(key=lambda i: -h[i])
        k = dom == ax
        uv[k] = np.stack([m.v[m.t[k]][..., o[0]], m.v[m.t[k]][..., o[1]]], -1) * uvs + np.asarray(uvo) + .137 * ax
    m.uv = uv
    return m.xf(R, c)


def panel(P, f, off, thick, closed_u=False, uv=None, crease=50., inner=.006):
    """Cloth panel: grid of guesses P (nu,nv,3) laid on surface f, with thickness and rim."""
    A = project(f, P, off + thick, it=6)
    g = norm(grad(f, A, .004))
    B = A - g * (thick + inner)
    m = grid_mesh(A, closed_u, uv, crease=crease)
    # orient outward
    if (m.fn() * g.reshape(-1, 3)[m.t[:, 0]]).sum() < 0:
        m.t = m.t[:, ::-1].copy()
        m.uv = m.uv[:, ::-1].copy()
    # rims: walk the border of the grid
    if closed_u:
        loops = [(A[:, 0], B[:, 0], True), (A[:, -1], B[:, -1], True)]
    else:
        bo = lambda X: np.concatenate([X[:-1, 0], X[-1, :-1], X[:0:-1, -1], X[0, :0:-1]])
        loops = [(bo(A), bo(B), True)]
    out = [m]
    for a, b, _ in loops:
        r = grid_mesh(np.stack([a, b], 1), True, crease=crease)
        cen = r.v[r.t].mean(1)                # outward: away from the neighbouring row
        o2 = r.fn()
        ref = _rim_ref(A, closed_u, a)
        s = (o2 * ref(cen)).sum()
        if s < 0:
            r.t = r.t[:, ::-1].copy()
            r.uv = r.uv[:, ::-1].copy()
        out.append(r)
    return join(out)


def _rim_ref(A, closed_u, edge):
    if closed_u:
        inner = A[:, 1] if np.allclose(edge[0], A[0, 0]) else A[:, -2]
        d = edge - inner
        return lambda c: d[np.argmin(((c[:, None] - edge[None]) ** 2).sum(-1), 1)]
    bo = lambda X: np.concatenate([X[:-1, 0], X[-1, :-1], X[:0:-1, -1], X[0, :0:-1]])
    In = A.copy()
    In[:, 0], In[:, -1] = A[:, 1], A[:, -2]
    In[0, 1:-1], In[-1, 1:-1] = A[1, 1:-1], A[-2, 1:-1]
    d = bo(A) - bo(In)
    e = bo(A)
    return lambda c: d[np.argmin(((c[:, None] - e[None]) ** 2).sum(-1), 1)]


def orient(m):
    """Flip so that the signed volume is positive."""
    a, b, c = m.v[m.t[:, 0]], m.v[m.t[:, 1]], m.v[m.t[:, 2]]
    ctr = m.v.mean(0)
    if (np.cross(a - ctr, b - ctr) * (c - ctr)).sum() < 0:
        m.t = m.t[:, ::-1].copy()
        if m.uv is not None:
            m.uv = m.uv[:, ::-1].copy()
    return m


def uv_cyl(m, o, d, ref, su, sv):
    """Cylindrical UV about the line o + t d (u wraps with su repeats per turn, v = t * sv)."""
    d = norm(d)
    x = norm(np.asarray(ref, float) - d * (np.asarray(ref, float) @ d))
    y = np.cross(d, x)
    q = m.v - np.asarray(o, float)
    a = np.arctan2(q @ y, q @ x) / (2 * PI)
    A = a[m.t]
    A = np.where(A.max(1, keepdims=True) - A > .5, A + 1, A)
    m.uv = np.stack([A * su, (q @ d)[m.t] * sv], -1)
    return m


def corner_normals(m):
    """Per corner normals, smooth under the crease angle."""
    fn = m.fn()
    unit = norm(fn)
    key = np.round(m.v * 1e5).astype(np.int64)
    _, w = np.unique(key, axis=0, return_inverse=True)
    w = w.reshape(-1)
    cw = w[m.t].ravel()
    face = np.repeat(np.arange(len(m.t)), 3)
    order = np.argsort(cw, kind='stable')
    sw = cw[order]
    start = np.r_[0, np.flatnonzero(np.diff(sw)) + 1]
    count = np.diff(np.r_[start, len(sw)])
    gid = np.repeat(np.arange(len(start)), count)
    rep = count[gid]
    ci = np.repeat(np.arange(len(sw)), rep)
    off = np.arange(rep.sum()) - np.repeat(np.cumsum(rep) - rep, rep)
    cj = start[gid][ci] + off
    fi, fj = face[order][ci], face[order][cj]
    ok = (unit[fi] * unit[fj]).sum(1) > math.cos(math.radians(m.crease))
    out = np.zeros((len(sw), 3))
    np.add.at(out, ci[ok], fn[fj[ok]])
    res = np.zeros((len(sw), 3))
    res[order] = norm(out)
    return res


def finish(m, W=None, want_uv=True, steps=(1e4, 9, 1024)):
    """Indexed arrays ready to write.  Corners that agree in these steps of position, normal and UV are one vertex."""
    n = m.n[m.t.ravel()] if m.n is not None else corner_normals(m)
    p = m.v[m.t.ravel()]
    uv = m.uv.reshape(-1, 2) if (m.uv is not None and want_uv) else np.zeros((len(p), 2))
    key = np.concatenate([np.round(p * steps[0]), np.round(n * steps[1]), np.round(uv * steps[2])], 1).astype(np.int64)
    _, first, inv = np.unique(key, axis=0, return_index=True, return_inverse=True)
    inv = inv.reshape(-1)
    o = np.argsort(first, kind='stable')
    rank = np.empty_like(o)
    rank[o] = np.arange(len(o))
    sel = first[o]
    t = rank[inv].reshape(-1, 3)
    good = (t[:, 0] != t[:, 1]) & (t[:, 1] != t[:, 2]) & (t[:, 0] != t[:, 2])
    out = dict(p=p[sel], n=norm(n[sel]), uv=uv[sel] if want_uv else None, t=t[good])
    bad = np.linalg.norm(out['n'], axis=1) < .5
    out['n'][bad] = (0, 1, 0)
    if W is not None:
        out['w'] = W[m.t.ravel()][sel]
    return out


# --------------------------------------------------------------- textures

def png(a):
    a = np.clip(np.round(a), 0, 255).astype(np.uint8)
    h, w, c = a.shape
    rows = a.reshape(h, w * c).astype(np.int16)
    best = None
    for mode in (0, 1, 2, 4):
        left = np.zeros_like(rows)
        left[:, c:] = rows[:, :-c]
        up = np.zeros_like(rows)
        up[1:] = rows[:-1]
        if mode == 0:
            f = rows
        elif mode == 1:
            f = rows - left
        elif mode == 2:
            f = rows - up
        else:
            ul = np.zeros_like(rows)
            ul[1:, c:] = rows[:-1, :-c]
            pp = left + up - ul
            pa, pb, pc = abs(pp - left), abs(pp - up), abs(pp - ul)
            f = rows - np.where((pa <= pb) & (pa <= pc), left, np.where(pb <= pc, up, ul))
        raw = np.concatenate([np.full((h, 1), mode, np.uint8), (f & 255).astype(np.uint8)], 1).tobytes()
        z = zlib.compress(raw, 9)
        if best is None or len(z) < len(best):
            best = z
    chunk = lambda k, d: struct.pack('>I', len(d)) + k + d + struct.pack('>I', zlib.crc32(k + d))
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', w, h, 8, 2 if c == 3 else 6, 0, 0, 0))
            + chunk(b'IDAT', best) + chunk(b'IEND', b''))


def indexed_png(a):
    """PNG with a palette if the picture has at most 256 colours: a third of the size."""
    a = np.clip(np.round(a), 0, 255).astype(np.uint8)
    h, w, c = a.shape
    colours, index = np.unique(a.reshape(-1, c), axis=0, return_inverse=True)
    if len(colours) > 256 or c != 3:
        return png(a)
    index = index.reshape(h, w).astype(np.uint8)
    bits = next(b for b in (1, 2, 4, 8) if len(colours) <= 1 << b)
    if w % (8 // bits):
        bits = 8
    packed = np.zeros((h, w * bits // 8), np.uint8)
    for k in range(8 // bits):
        packed |= index[:, k::8 // bits] << (8 - bits * (k + 1))
    rows = np.concatenate([np.zeros((h, 1), np.uint8), packed], 1).tobytes()
    chunk = lambda k, d: struct.pack('>I', len(d)) + k + d + struct.pack('>I', zlib.crc32(k + d))
    small = (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', w, h, bits, 3, 0, 0, 0))
             + chunk(b'PLTE', colours.tobytes()) + chunk(b'IDAT', zlib.compress(rows, 9)) + chunk(b'IEND', b''))
    large = png(a)
    return small if len(small) < len(large) else large


def poster(a, step):
    return np.round(a / step) * step


def vnoise(h, w, fy, fx, seed):
    """Tileable smooth value noise with fy x fx cells, range 0..1."""
    g = rng(seed).random((fy, fx))
    y = np.arange(h) * fy / h
    x = np.arange(w) * fx / w
    y0, x0 = y.astype(int), x.astype(int)
    ty, tx = y - y0, x - x0
    ty, tx = (ty * ty * (3 - 2 * ty))[:, None], (tx * tx * (3 - 2 * tx))[None]
    a, b = g[y0][:, x0], g[y0][:, (x0 + 1) % fx]
    c, d = g[(y0 + 1) % fy][:, x0], g[(y0 + 1) % fy][:, (x0 + 1) % fx]
    return (a * (1 - tx) + b * tx) * (1 - ty) + (c * (1 - tx) + d * tx) * ty


def fbm(h, w, fy, fx, seed, oct=4, fall=.55):
    s, a, t = 0, 1., 0
    for i in range(oct):
        s = s + a * vnoise(h, w, min(fy << i, h), min(fx << i, w), seed + i)
        t += a
        a *= fall
    return s / t


def normal_from(hmap, strength, step=4):
    dx = (np.roll(hmap, -1, 1) - np.roll(hmap, 1, 1)) * strength
    dy = (np.roll(hmap, -1, 0) - np.roll(hmap, 1, 0)) * strength
    # image rows go down, v goes down in glTF: green up means minus the row slope's negative
    n = norm(np.stack([-dx, dy, np.ones_like(dx)], -1))
    return np.clip(poster((n * .5 + .5) * 255 - 127.5, step) + 127.5, 0, 255)


def mr(rough, step=8):
    g = poster(np.clip(rough, 0, 1) * 255, step)
    return np.stack([np.zeros_like(g), g, np.zeros_like(g)], -1)


# --------------------------------------------------------------- GLB

class Glb:
    def __init__(self, name):
        self.name = name
        self.j = dict(asset=dict(version='2.0', generator=os.path.basename(sys.argv[0])), scene=0, scenes=[dict(name=name, nodes=[])],
                      nodes=[], meshes=[], materials=[], accessors=[], bufferViews=[])
        self.bin = bytearray()
        self.mats, self.imgs = {}, {}
        self.tris = 0

    picture = staticmethod(png)

    def view(self, data, target=None):
        while len(self.bin) % 4:
            self.bin.append(0)
        v = dict(buffer=0, byteOffset=len(self.bin), byteLength=len(data))
        if target:
            v['target'] = target
        self.bin += data
        self.j['bufferViews'].append(v)
        return len(self.j['bufferViews']) - 1

    def acc(self, a, typ, target=None, minmax=False, normalized=False):
        ct = {np.dtype('f4'): 5126, np.dtype('u1'): 5121, np.dtype('u2'): 5123, np.dtype('u4'): 5125}[a.dtype]
        d = dict(bufferView=self.view(np.ascontiguousarray(a).tobytes(), target), componentType=ct, count=len(a), type=typ)
        if normalized:
            d['normalized'] = True
        if minmax:
            b = a.reshape(len(a), -1)
            d['min'], d['max'] = [float(x) for x in b.min(0)], [float(x) for x in b.max(0)]
        self.j['accessors'].append(d)
        return len(self.j['accessors']) - 1

    def pool(self, a, typ, minmax=False):
        """Accessor in one shared buffer view (animation data), equal data only once."""
        a = np.ascontiguousarray(a.astype('f4'))
        key = (a.tobytes(), typ)
        if not hasattr(self, 'pooled'):
            self.pooled, self.pbuf = {}, bytearray()
            self.j['bufferViews'].append(dict(buffer=0))
            self.pview = len(self.j['bufferViews']) - 1
        if key not in self.pooled:
            d = dict(bufferView=self.pview, byteOffset=len(self.pbuf), componentType=5126, count=len(a), type=typ)
            if minmax:
                d['min'], d['max'] = [float(a.min())], [float(a.max())]
            self.pbuf += key[0]
            self.j['accessors'].append(d)
            self.pooled[key] = len(self.j['accessors']) - 1
        return self.pooled[key]

    def tex(self, name):
        if name not in self.imgs:
            data = self.picture(TEX[name]())
            self.j.setdefault('images', []).append(dict(name=name, mimeType='image/png', bufferView=self.view(data)))
            self.j.setdefault('samplers', [dict(magFilter=9729, minFilter=9987, wrapS=10497, wrapT=10497)])
            self.j.setdefault('textures', []).append(dict(sampler=0, source=len(self.j['images']) - 1, name=name))
            self.imgs[name] = len(self.j['textures']) - 1
        return self.imgs[name]

    def mat(self, name):
        if name not in self.mats:
            s = MATS[name]
            p = dict(baseColorFactor=lin(s.get('c', '#ffffff')) + [s.get('a', 1.)],
                     metallicFactor=s.get('m', 0.), roughnessFactor=s.get('r', .7))
            d = dict(name=name, pbrMetallicRoughness=p)
            if 'tex' in s:
                p['baseColorTexture'] = dict(index=self.tex(s['tex']))
            if 'mr' in s:
                p['metallicRoughnessTexture'] = dict(index=self.tex(s['mr']))
            if 'nrm' in s:
                d['normalTexture'] = dict(index=self.tex(s['nrm']), scale=s.get('ns', 1.))
            if 'e' in s:
                d['emissiveFactor'] = lin(s['e'])
                if s.get('es', 1) != 1:
                    d['extensions'] = {'KHR_materials_emissive_strength': {'emissiveStrength': s['es']}}
                    used = self.j.setdefault('extensionsUsed', [])
                    if 'KHR_materials_emissive_strength' not in used:
                        used.append('KHR_materials_emissive_strength')
            if 'etex' in s:
                d['emissiveTexture'] = dict(index=self.tex(s['etex']))
            if s.get('unlit'):
                d['extensions'] = {'KHR_materials_unlit': {}}
                used = self.j.setdefault('extensionsUsed', [])
                if 'KHR_materials_unlit' not in used:
                    used.append('KHR_materials_unlit')
            if s.get('two'):
                d['doubleSided'] = True
            if s.get('a', 1.) < 1:
                d['alphaMode'] = 'BLEND'
            self.j['materials'].append(d)
            self.mats[name] = len(self.j['materials']) - 1
        return self.mats[name]

    def prim(self, matname, m, W=None):
        s = MATS[matname]
        hasuv = 'tex' in s or 'nrm' in s or 'mr' in s
        o = finish(m, W, hasuv)
        at = dict(POSITION=self.acc(o['p'].astype('f4'), 'VEC3', 34962, True),
                  NORMAL=self.acc(o['n'].astype('f4'), 'VEC3', 34962))
        if hasuv:
            at['TEXCOORD_0'] = self.acc(o['uv'].astype('f4'), 'VEC2', 34962)
        if W is not None:
            j, w = top4(o['w'])
            at['JOINTS_0'] = self.acc(j, 'VEC4', 34962)
            at['WEIGHTS_0'] = self.acc(w, 'VEC4', 34962, normalized=True)
        n = len(o['p'])
        it = 'u1' if n < 255 else 'u2' if n < 65535 else 'u4'
        idx = self.acc(o['t'].astype(it).ravel(), 'SCALAR', 34963)
        self.tris += len(o['t'])
        return dict(attributes=at, indices=idx, material=self.mat(matname))

    def mesh(self, name, parts, Ws=None):
        """parts: {material: Mesh}."""
        pr = [self.prim(k, parts[k], None if Ws is None else Ws[k]) for k in parts]
        self.j['meshes'].append(dict(name=name, primitives=pr))
        return len(self.j['meshes']) - 1

    def node(self, parent=None, **kw):
        self.j['nodes'].append(kw)
        i = len(self.j['nodes']) - 1
        if parent is None:
            self.j['scenes'][0]['nodes'].append(i)
        else:
            self.j['nodes'][parent].setdefault('children', []).append(i)
        return i

    def save(self, path):
        if hasattr(self, 'pbuf'):
            while len(self.bin) % 4:
                self.bin.append(0)
            self.j['bufferViews'][self.pview].update(byteOffset=len(self.bin), byteLength=len(self.pbuf))
            self.bin += self.pbuf
        while len(self.bin) % 4:
            self.bin.append(0)
        self.j['buffers'] = [dict(byteLength=len(self.bin))]
        js = json.dumps({k: v for k, v in self.j.items() if v != []}, separators=(',', ':')).encode()
        js += b' ' * (-len(js) % 4)
        out = struct.pack('<III', 0x46546C67, 2, 12 + 8 + len(js) + 8 + len(self.bin))
        out += struct.pack('<II', len(js), 0x4E4F534A) + js
        out += struct.pack('<II', len(self.bin), 0x004E4942) + bytes(self.bin)
        with open(path, 'wb') as f:
            f.write(out)
        print(f'{os.path.basename(path):22s} {len(out) / 1024:8.1f} KiB {self.tris:7d} triangles')
        return len(out)


def strip(t):
    """One strip of triangles (mode 5) of an index list; pieces are joined by triangles without area."""
    tris = [tuple(int(i) for i in x) for x in t]
    edge = {}
    for k, (a, b, c) in enumerate(tris):
        for e, o in (((a, b), c), ((b, c), a), ((c, a), b)):
            edge.setdefault(e, []).append((k, o))
    left = [True] * len(tris)

    def follow(e):
        """The free triangle that has this directed edge."""
        return next(((k, o) for k, o in edge.get(e, ()) if left[k]), None)

    def run(start, turn):
        a, b, c = tris[start][turn:] + tris[start][:turn]
        path, used = [a, b, c], [start]
        left[start] = False
        while True:
            # Every second triangle of a strip is wound the other way.
            p, q = path[-2:]
            k = follow((q, p) if len(path) % 2 else (p, q))
            if k is None:
                break
            left[k[0]] = False
            used.append(k[0])
            path.append(k[1])
        for k in used:
            left[k] = True
        return path, used
    free = [sum(1 for x, y in ((b, a), (c, b), (a, c)) if (x, y) in edge) for a, b, c in tris]
    out = []
    for start in sorted(range(len(tris)), key=lambda k: (free[k] > 1, k)):
        if not left[start]:
            continue
        path, used = max((run(start, turn) for turn in range(3)), key=lambda r: len(r[1]))
        for k in used:
            left[k] = False
        if out:
            out += [out[-1]] * (1 + len(out) % 2) + [path[0]]
            if len(out) % 2:
                out.append(path[0])
        out += path
    return np.array(out, int)


class CompactGlb(Glb):
    """The same with positions, normals and UVs of 16 bits (KHR_mesh_quantization) and pictures with palettes."""
    picture = staticmethod(indexed_png)
    steps = (1e6, 30, 8192)

    def __init__(self, name):
        super().__init__(name)
        self.j['extensionsUsed'] = ['KHR_mesh_quantization']
        self.j['extensionsRequired'] = ['KHR_mesh_quantization']
        self.place, self.reach, self.shared = {}, {}, {}

    def measure(self, *parts):
        """Notes how far each material's UV reach, so that they fit 16 bits.  Call it before the first mesh."""
        for p in parts:
            for k, ms in p.d.items():
                far = max((float(np.abs(m.uv).max()) for m in ms if m.uv is not None and len(m.uv)), default=0.)
                self.reach[k] = max(self.reach.get(k, 1.), far)

    def scale(self, name):
        """Factor that a material applies to its UV: a power of two.  Not every reader applies it to normal maps."""
        if 'nrm' in MATS[name]:
            return 1
        return 1 << max(0, math.ceil(math.log2(self.reach.get(name, 1.) - 1e-6)))

    def mat(self, name):
        new = name not in self.mats
        i = super().mat(name)
        k = self.scale(name)
        if new and k > 1:
            d = self.j['materials'][i]
            infos = [d['pbrMetallicRoughness'].get(t) for t in ('baseColorTexture', 'metallicRoughnessTexture')] + [d.get('normalTexture'), d.get('emissiveTexture')]
            for info in filter(None, infos):
                info['extensions'] = {'KHR_texture_transform': {'scale': [k, k]}}
                if 'KHR_texture_transform' not in self.j['extensionsUsed']:
                    self.j['extensionsUsed'].append('KHR_texture_transform')
        return i

    def acc(self, a, typ, target=None, minmax=False, normalized=False):
        """Accessors of one layout share a buffer view."""
        size = a.dtype.itemsize
        if a.ndim > 1:                                    # elements start at multiples of four bytes
            each = 4 // size
            wide = np.zeros((len(a), -(-a.shape[1] // each) * each), a.dtype)
            wide[:, :a.shape[1]] = a
        else:
            wide = a
        kind = (target, wide.shape[1] * size if a.ndim > 1 else None)
        if kind not in self.shared:
            self.j['bufferViews'].append(dict(buffer=0, target=target, **({'byteStride': kind[1]} if kind[1] else {})))
            self.shared[kind] = (len(self.j['bufferViews']) - 1, bytearray())
        view, data = self.shared[kind]
        data += b'\0' * (-len(data) % 4)
        code = {'i1': 5120, 'u1': 5121, 'i2': 5122, 'u2': 5123, 'u4': 5125, 'f4': 5126}[a.dtype.str[1:]]
        d = dict(bufferView=view, componentType=code, count=len(a), type=typ)
        if data:
            d['byteOffset'] = len(data)
        if a.ndim > 1 and code != 5126:
            d['normalized'] = True
        if minmax:
            d['min'], d['max'] = [int(x) for x in a.min(0)], [int(x) for x in a.max(0)]
        data += wide.tobytes()
        self.j['accessors'].append(d)
        return len(self.j['accessors']) - 1

    def save(self, path):
        for view, data in self.shared.values():
            self.bin += b'\0' * (-len(self.bin) % 4)
            self.j['bufferViews'][view].update(byteOffset=len(self.bin), byteLength=len(data))
            self.bin += data
        return super().save(path)

    def mesh(self, name, parts, Ws=None):
        lo = np.min([m.v.min(0) for m in parts.values()], 0)
        hi = np.max([m.v.max(0) for m in parts.values()], 0)
        c, s = (lo + hi) / 2, float((hi - lo).max() / 2)
        prims = []
        for k, m in parts.items():
            spec = MATS[k]
            hasuv = 'tex' in spec or 'nrm' in spec or 'mr' in spec or 'etex' in spec
            o = finish(m, None, hasuv, self.steps)
            q = lambda x: np.round(np.clip(x, -1, 1) * 32767).astype('i2')
            # Eight bits a normal are enough, except on large surfaces that mirror.
            fine = spec.get('fine', False)
            normals = q(o['n']) if fine else np.round(o['n'] * 127).astype('i1')
            at = dict(POSITION=self.acc(q((o['p'] - c) / s), 'VEC3', 34962, True), NORMAL=self.acc(normals, 'VEC3', 34962))
            if hasuv:
                uv = o['uv'] / self.scale(k)
                at['TEXCOORD_0'] = self.acc(q(uv) if np.abs(uv).max() <= 1 else uv.astype('f4'), 'VEC2', 34962)
            n = len(o['p'])
            row = strip(o['t'])
            row = row if len(row) < o['t'].size else o['t'].ravel()
            idx = self.acc(row.astype('u1' if n < 255 else 'u2' if n < 65535 else 'u4'), 'SCALAR', 34963)
            self.tris += len(o['t'])
            prims.append(dict(attributes=at, indices=idx, material=self.mat(k), mode=5 if row.size != o['t'].size else 4))
        self.j['meshes'].append(dict(name=name, primitives=prims))
        i = len(self.j['meshes']) - 1
        self.place[i] = (c, s)
        return i

    def put(self, mesh, name, t=(0, 0, 0), R=None, s=1.):
        """A node that shows the mesh, with what undoes the quantisation in its matrix."""
        c, q = self.place[mesh]
        R = np.eye(3) if R is None else np.asarray(R)
        s = np.asarray(s, float) * np.ones(3)
        at = np.asarray(t, float) + R @ (s * c)
        kw = dict(**({'name': name} if name else {}), mesh=mesh, translation=[float(f'{x:.5g}') for x in at], scale=[float(f'{x:.5g}') for x in s * q])
        if not np.allclose(R, np.eye(3)):
            kw['rotation'] = [round(float(x), 5) for x in quat(R)]
        return self.node(None, **kw)


def top4(W):
    o = np.argsort(-W, axis=1, kind='stable')[:, :4]
    w = np.take_along_axis(W, o, 1)
    w = w / w.sum(1, keepdims=True)
    q = np.floor(w * 255 + .5).astype(int)
    q[:, 0] += 255 - q.sum(1)
    o = np.where(q > 0, o, 0)
    return o.astype('u1'), q.astype('u1')


class Parts:
    """Static geometry gathered by material."""

    def __init__(self):
        self.d = {}

    def add(self, mat, *ms):
        self.d.setdefault(mat, []).extend(ms)
        return self

    def merged(self):
        out = {}
        for k, ms in self.d.items():
            out[k] = join_creased(ms)
        return out


def join_creased(ms):
    """Join meshes of different crease angles by baking corner normals."""
    vs, ts, uvs, ns, o = [], [], [], [], 0
    for m in ms:
        n = m.n[m.t.ravel()] if m.n is not None else corner_normals(m)
        vs.append(m.v[m.t.ravel()])
        ns.append(n)
        uvs.append(m.uv if m.uv is not None else np.zeros((len(m.t), 3, 2)))
        ts.append(np.arange(len(m.t) * 3).reshape(-1, 3) + o)
        o += len(m.t) * 3
    return Mesh(np.concatenate(vs), np.concatenate(ts), np.concatenate(ns), np.concatenate(uvs))


# --------------------------------------------------------------- common shapes

def ball(r, nu=20, nv=12, c=(0, 0, 0), sx=1., sy=1., sz=1.):
    a = np.linspace(-PI / 2, PI / 2, nv)
    m = lathe(np.stack([np.cos(a) * r, np.sin(a) * r * sy], 1), nu, sx, sz, crease=80)
    return m.xf(t=c)


def torus(R, r, n=32, k=8, sx=1., sz=1., wob=0., seed=0, uvs=(1, 1)):
    a = np.arange(n) * 2 * PI / n
    w = 1 + wob * np.sin(3 * a + seed) + wob * .6 * np.sin(5 * a + 2 * seed)
    path = np.stack([np.sin(a) * R * sx * w, wob * R * .6 * np.sin(4 * a + seed), np.cos(a) * R * sz * w], 1)
    return orient(tube(path, r, k, closed=True, up=(0, 1, 0), uvs=uvs, crease=80))


def cyl(r, h, n=16, y=0., bev=.006, crease=40.):
    return lathe([(0, y), (r - bev, y), (r, y + bev), (r, y + h - bev), (r - bev, y + h), (0, y + h)], n, crease=crease)


def gear(r, t, teeth, hole=.25):
    n = teeth * 4
    a = np.arange(n) * 2 * PI / n
    q = np.arange(n) % 4
    ro = np.where((q == 0) | (q == 1), r, r * .84)
    ri = r * hole
    rows = [np.stack([np.sin(a) * k, np.cos(a) * k, np.full(n, z)], 1) for k, z in ((ro, -t / 2), (ro, t / 2), (ri, t / 2), (ri, -t / 2))]
    return orient(grid_mesh(np.stack(rows, 1), True, crease=30))


def static(name, P, marks=(), inst=()):
    """inst rows (name, Parts, [(position, rotation matrix, scale), ...]): meshes used more than once."""
    def write(path):
        g = Glb(name)
        mi = g.mesh(name, P.merged())
        g.node(None, name=name, mesh=mi)
        for n, parts, at in inst:
            before = g.tris
            mi = g.mesh(n, parts.merged())
            each = g.tris - before
            for i, (t, R, s) in enumerate(at):
                kw = dict(name=f'{n}_{i + 1}', mesh=mi, translation=[round(float(x), 5) for x in t])
                if R is not None:
                    kw['rotation'] = [round(float(x), 6) for x in norm(np.round(quat(R), 6))]
                if s != 1:
                    kw['scale'] = [s, s, s]
                g.node(None, **kw)
            g.tris += each * (len(at) - 1)
        for n, pos in marks:
            g.node(None, name=n, translation=[float(x) for x in pos])
        return g.save(path)
    return write


def wood_h(n, seed, fx=3, fy=26):
    warp = fbm(n, n, 3, 2, seed + 50, 3) * 10
    yy = np.arange(n)[:, None]
    src = fbm(n, n, fy, fx, seed, 4, .62)
    idx = (yy + np.round(warp).astype(int)) % n
    g = np.take_along_axis(src, idx, 0)
    return (g - g.min()) / (g.max() - g.min())


def wood_tex(c0, c1, c2, seed, n=256):
    def make():
        h = wood_h(n, seed)
        lo = fbm(n, n, 3, 2, seed + 9, 2)
        t = np.clip(h * 1.15 - .05, 0, 1)[..., None]
        img = rgb(c0) * (1 - t) + rgb(c1) * t
        k = np.clip((lo - .5) * 2.4, 0, 1)[..., None] * .6
        img = img * (1 - k) + rgb(c2) * k
        crack = np.clip((.20 - h) / .12, 0, 1)[..., None]
        img = img * (1 - .55 * crack)
        return poster(img, 6)
    return make


def wood_nrm(seed, n=256, k=2.2):
    return lambda: normal_from(wood_h(n, seed), k, 8)


def wood_mr(seed, r0, r1, n=128):
    return lambda: mr(r0 + (r1 - r0) * wood_h(n, seed), 12)
