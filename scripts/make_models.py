#!/usr/bin/env python3
"""Write the GLB models of the example short film "Last Light".

Needs Python 3.11 and numpy (`pip install numpy`), and gltf_models.py beside it.  Run from anywhere:

    python3 scripts/make_models.py [name ...]

Writes examples/short_film/assets/*.glb (all of them, or only those named).
Everything is generated here: implicit surfaces meshed by surface nets, lofts,
lathes and tubes, procedural textures, an analytic skin, and clips posed with
inverse kinematics.  The output does not depend on time or chance.

Figures face +Z, stand on y = 0, are in metres.  Joints are world aligned in the
bind (A) pose; `head` sits at the base of the skull.
"""
import math
import os
import sys

import numpy as np

from gltf_models import (
    axis, axrot, ball, box, cap, cyl, E, ell, fbm, gear, Glb, grad, grid_mesh, join, join_creased, lathe,
    loft_sdf, MATS, Mesh, mr, norm, normal_from, orient, panel, Parts, PI, poster, project, quat, ray, rgb, rng,
    smax, smin, spline, sstep, static, surface_nets, TEX, torus, tube, uv_cyl, v3, vnoise, wood_mr, wood_nrm,
    wood_tex)

# =============================================================== rig

def _fingers():
    """Centre lines of the four fingers and the thumb in hand space (along, back of the hand, thumb side)."""
    out = []
    for z0, L in ((.0355, .078), (.0122, .087), (-.0118, .081), (-.0350, .064)):
        pts, a = [v3(.086 - abs(z0) * .12, .001, z0)], 5.
        for l_, c in ((.45, 7), (.30, 9), (.25, 10)):
            a += c
            r = math.radians(a)
            pts.append(pts[-1] + L * l_ * norm(v3(math.cos(r), -math.sin(r), z0 * 3.6)))
        out.append(pts)
    return out


FINGERS = _fingers()
THUMB = [v3(.022, -.004, .026), v3(.050, -.010, .050), v3(.078, -.015, .066), v3(.100, -.018, .073)]


class Rig:
    def __init__(self, s):
        self.s = s
        self.names, self.parent, self.pos = [], {}, {}
        C = np.asarray(s['C'], float)
        self.C = C
        J = self.add
        J('root', None, (0, 0, 0))
        J('hips', 'root', (0, s['hips'], 0))
        J('spine', 'hips', (0, s['spine'], 0))
        J('chest', 'spine', (0, s['chest'], 0))
        J('neck', 'chest', (0, s['neck'], -.012))
        J('head', 'neck', (0, s['head'], -.012))
        J('jaw', 'head', C + s['jaw'])
        ex, ey, ez = s['eye'][:3]
        for sd, g in (('l', 1), ('r', -1)):
            e = C + v3(g * ex, ey, ez)
            J('eye_' + sd, 'head', e)
            J('eyelid_' + sd, 'head', e)
            J('brow_' + sd, 'head', C + v3(g * ex, ey + .035, ez + .02))
        A = math.radians(40)
        self.d = {}
        for sd, g in (('l', 1), ('r', -1)):
            S = v3(g * s['sh'][0], s['sh'][1], s['sh'][2])
            u = norm(v3(g * math.sin(A), -math.cos(A), -.03))
            w = norm(v3(g * math.sin(A) * .96, -math.cos(A), .13))
            el = S + u * s['ua']
            wr = el + w * s['la']
            J('shoulder_' + sd, 'chest', (g * .04, s['sh'][1] + .005, 0))
            J('upper_arm_' + sd, 'shoulder_' + sd, S)
            J('lower_arm_' + sd, 'upper_arm_' + sd, el)
            J('hand_' + sd, 'lower_arm_' + sd, wr)
            back = norm(v3(g * math.cos(A), math.sin(A), 0) - w * (v3(g * math.cos(A), math.sin(A), 0) @ w))
            th = np.cross(w, back) * g
            k = s['hand']
            H = lambda x, y, z: wr + k * (w * x + back * y + th * z)
            self.d[sd] = dict(S=S, u=u, w=w, el=el, wr=wr, back=back, th=th)
            J('thumb_1_' + sd, 'hand_' + sd, H(.028, -.004, .030))
            J('thumb_2_' + sd, 'thumb_1_' + sd, H(.066, -.012, .058))
            J('index_1_' + sd, 'hand_' + sd, H(.088, 0, .036))
            J('index_2_' + sd, 'index_1_' + sd, H(.124, -.004, .042))
            J('fingers_1_' + sd, 'hand_' + sd, H(.088, 0, -.012))
            J('fingers_2_' + sd, 'fingers_1_' + sd, H(.124, -.004, -.014))
        for sd, g in (('l', 1), ('r', -1)):
            x = g * s['leg'][0]
            J('upper_leg_' + sd, 'hips', (x, s['leg'][1], 0))
            J('lower_leg_' + sd, 'upper_leg_' + sd, (x, s['leg'][2], .006))
            J('foot_' + sd, 'lower_leg_' + sd, (x, s['leg'][3], -.012))
            J('toe_' + sd, 'foot_' + sd, (x, .02, .085))
        self.idx = {n: i for i, n in enumerate(self.names)}

    def add(self, n, par, pos):
        self.names.append(n)
        self.parent[n] = par
        self.pos[n] = np.asarray(pos, float)

    def off(self, n):
        p = self.parent[n]
        return self.pos[n] - (self.pos[p] if p else 0)

    # ---- weights
    def one(self, name):
        def f(p):
            W = np.zeros((len(p), len(self.names)))
            W[:, self.idx[name]] = 1
            return W
        return f

    def chain(self, p, coord, rows, W=None, mult=1.):
        """rows [(bone, start, blend)], coord ascending along the chain."""
        W = np.zeros((len(p), len(self.names))) if W is None else W
        vals = []
        for i, (b, st, bl) in enumerate(rows):
            a = np.ones(len(p)) if i == 0 else sstep(st - bl, st + bl, coord)
            vals.append((b, a))
        for i, (b, a) in enumerate(vals):
            nxt = vals[i + 1][1] if i + 1 < len(vals) else 0
            W[:, self.idx[b]] += np.maximum(a - nxt, 0) * mult
        return W

    def arm(self, p, sd, rest=.0):
        """Weights of points that belong to the arm chain (incl. hand up to the wrist)."""
        D, s = self.d[sd], self.s
        q = p - D['S']
        # arc coordinate over the slightly bent arm
        t1 = q @ D['u']
        t2 = (p - D['el']) @ D['w']
        t = np.where(t2 > 0, s['ua'] + t2, np.minimum(t1, s['ua'] + np.maximum(t2, -.02)))
        return self.chain(p, t, [('shoulder_' + sd, 0, 1), ('upper_arm_' + sd, -.01, .055),
                                 ('lower_arm_' + sd, s['ua'], .05), ('hand_' + sd, s['ua'] + s['la'], .018)])

    def torso(self, p, skirt=0., kneef=.5):
        s = self.s
        W = self.chain(p, p[:, 1], [('hips', 0, 1), ('spine', s['spine'], .05), ('chest', s['chest'], .06),
                                    ('neck', s['neck'] + .01, .03), ('head', s['head'] + .0, .03)])
        # clavicle share
        cl = sstep(s['sh'][1] - .14, s['sh'][1] - .02, p[:, 1]) * sstep(s['neck'] + .03, s['neck'] - .03, p[:, 1])
        for sd, g in (('l', 1), ('r', -1)):
            a = cl * sstep(.05, s['sh'][0] * .95, g * p[:, 0]) * .8
            c = W[:, self.idx['chest']] * a
            W[:, self.idx['chest']] -= c
            W[:, self.idx['shoulder_' + sd]] += c
        if skirt:
            hy, ky = s['leg'][1], s['leg'][2]
            a = sstep(hy + .06, hy - .2, p[:, 1]) * skirt
            side = sstep(-.085, .085, p[:, 0])
            kn = sstep(ky + .06, ky - .14, p[:, 1]) * kneef
            W *= (1 - a)[:, None]
            for sd, f in (('l', side), ('r', 1 - side)):
                W[:, self.idx['upper_leg_' + sd]] += a * f * (1 - kn)
                W[:, self.idx['lower_leg_' + sd]] += a * f * kn
        return W

    def legs(self, p):
        s = self.s
        W = np.zeros((len(p), len(self.names)))
        side = sstep(-.03, .03, p[:, 0])
        hy = s['leg'][1]
        for sd, f in (('l', side), ('r', 1 - side)):
            w = self.chain(p, -p[:, 1], [('hips', 0, 1), ('upper_leg_' + sd, -hy + .02, .07),
                                         ('lower_leg_' + sd, -s['leg'][2], .055), ('foot_' + sd, -s['leg'][3] - .02, .035)])
            W += w * f[:, None]
        return W

    def boot(self, p, sd):
        s = self.s
        W = self.chain(p, -p[:, 1], [('lower_leg_' + sd, 0, 1), ('foot_' + sd, -s['leg'][3] - .03, .035)])
        t = sstep(.06, .11, p[:, 2])
        f = W[:, self.idx['foot_' + sd]] * t
        W[:, self.idx['foot_' + sd]] -= f
        W[:, self.idx['toe_' + sd]] += f
        return W

    def garment(self, dt, da, skirt=0., k=.05, kneef=.5):
        """Torso plus sleeves; dt and da(sd) are distance functions."""
        def f(p):
            W = self.torso(p, skirt, kneef)
            d0 = dt(p)
            for sd, g in (('l', 1), ('r', -1)):
                d1 = da[sd](p)
                m = sstep(-k, k, d0 - d1) * (g * p[:, 0] > .05)
                A = self.arm(p, sd)
                W = W * (1 - m)[:, None] + A * m[:, None]
            return W
        return f

    def hand(self, sd):
        def f(p):
            D, k = self.d[sd], self.s['hand']
            q = (p - D['wr']) / k
            x, y, z = q @ D['w'], q @ D['back'], q @ D['th']
            W = self.arm(p, sd)
            h = W[:, self.idx['hand_' + sd]].copy()
            fx = sstep(.080, .098, x)
            f2 = sstep(.115, .133, x)
            q = np.stack([x, y, z], -1)
            near = lambda pts: np.min([cap(q, pts[i], pts[i + 1], 0, 0) for i in range(len(pts) - 1)], axis=0)
            fing = [near(f) for f in FINGERS]
            dt = near(THUMB)
            isx = sstep(-.004, .004, np.min(fing[1:], axis=0) - fing[0])
            tx = norm(THUMB[2] - THUMB[0])
            tt = (q - THUMB[0]) @ tx
            own = sstep(-.004, .006, np.min(fing, axis=0) - dt)
            th = own * sstep(.006, .030, tt)
            th2 = sstep(.046, .062, tt)
            fx = fx * (1 - own)
            for b, m in (('index', isx), ('fingers', 1 - isx)):
                W[:, self.idx[f'{b}_1_{sd}']] += h * fx * m * (1 - f2)
                W[:, self.idx[f'{b}_2_{sd}']] += h * fx * m * f2
            W[:, self.idx['thumb_1_' + sd]] += h * th * (1 - th2)
            W[:, self.idx['thumb_2_' + sd]] += h * th * th2
            W[:, self.idx['hand_' + sd]] *= (1 - fx) * (1 - th)
            return W
        return f


class Pose:
    """Local rotations (world aligned rest frames) plus a hips offset."""

    def __init__(self, rig):
        self.rig = rig
        self.R = {n: np.eye(3) for n in rig.names}
        self.T = {}

    def fk(self, n):
        chain = []
        while n:
            chain.append(n)
            n = self.rig.parent[n]
        R, p = np.eye(3), np.zeros(3)
        for b in reversed(chain):
            p = p + R @ (self.rig.off(b) + self.T.get(b, 0))
            R = R @ self.R[b]
        return R, p

    def rot(self, n, x=0, y=0, z=0):
        self.R[n] = E(x, y, z) @ self.R[n]

    def arm(self, sd, target, pole=(.25, -.3, -1), fd=None, palm=None, twist=.5):
        g = 1 if sd == 'l' else -1
        D, s = self.rig.d[sd], self.rig.s
        Rp, _ = self.fk('shoulder_' + sd)
        _, S = self.fk('upper_arm_' + sd)
        T = np.asarray(target, float)
        pole = v3(pole[0] * g, pole[1], pole[2])
        l1, l2 = s['ua'], s['la']
        v = T - S
        dist = min(max(np.linalg.norm(v), .12), (l1 + l2) * .995)
        dr = norm(v)
        pp = norm(pole - dr * (pole @ dr))
        ca = (l1 * l1 + dist * dist - l2 * l2) / (2 * l1 * dist)
        sa = math.sqrt(max(0, 1 - ca * ca))
        el = S + dr * l1 * ca + pp * l1 * sa
        u, w = norm(el - S), norm(S + dr * dist - el)
        h = np.cross(pp, dr)
        B = lambda a, b: np.stack([a, norm(b - a * (a @ b)), np.cross(a, norm(b - a * (a @ b)))], 1)
        d0 = norm(D['wr'] - D['S'])
        p0 = v3(0, 0, -1)
        h0 = np.cross(norm(p0 - d0 * (p0 @ d0)), d0)
        U = B(u, h) @ B(D['u'], h0).T
        L = B(w, h) @ B(D['w'], h0).T
        self.R['upper_arm_' + sd] = Rp.T @ U
        if fd is not None:
            fd = norm(v3(fd[0] * g, fd[1], fd[2]))
            palm = v3(palm[0] * g, palm[1], palm[2])
            Hm = B(fd, palm) @ B(D['w'], -D['back']).T
            q = quat(L.T @ Hm)
            tw = 2 * math.atan2(q[:3] @ D['w'], q[3])
            tw = (tw + PI) % (2 * PI) - PI
            L = L @ axrot(D['w'], tw * twist)
            self.R['hand_' + sd] = L.T @ Hm
        else:
            self.R['hand_' + sd] = np.eye(3)
        self.R['lower_arm_' + sd] = U.T @ L

    def curl(self, sd, idx=12, rest=16, thumb=8):
        g = 1 if sd == 'l' else -1
        ax = self.rig.d[sd]['th']
        for b, a in (('index', idx), ('fingers', rest)):
            for k, m in ((1, .9), (2, 1.25)):
                self.R[f'{b}_{k}_{sd}'] = axrot(ax, -g * math.radians(a * m))
        for k, m in ((1, .8), (2, 1.)):
            self.R[f'thumb_{k}_{sd}'] = axrot(self.rig.d[sd]['back'], g * math.radians(thumb * m)) @ axrot(ax, -g * math.radians(thumb * .4))

    def leg(self, sd, ankle, pitch=0., toe=0., knee=(0, 0, 1), yaw=0.):
        r = self.rig
        g = 1 if sd == 'l' else -1
        Rh, _ = self.fk('hips')
        _, Hp = self.fk('upper_leg_' + sd)
        rest = [r.pos[b + sd] for b in ('upper_leg_', 'lower_leg_', 'foot_')]
        u0, w0 = rest[1] - rest[0], rest[2] - rest[1]
        l1, l2 = np.linalg.norm(u0), np.linalg.norm(w0)
        u0, w0 = u0 / l1, w0 / l2
        v = np.asarray(ankle, float) - Hp
        dist = min(np.linalg.norm(v), (l1 + l2) * .9995)
        dr = norm(v)
        pole = norm(v3(knee[0] * g, knee[1], knee[2]))
        pp = norm(pole - dr * (pole @ dr))
        ca = (l1 * l1 + dist * dist - l2 * l2) / (2 * l1 * dist)
        sa = math.sqrt(max(0, 1 - ca * ca))
        kn = Hp + dr * l1 * ca + pp * l1 * sa
        u, w = norm(kn - Hp), norm(Hp + dr * dist - kn)
        h = np.cross(pp, dr)
        d0 = norm(rest[2] - rest[0])
        p0 = v3(0, 0, 1)
        h0 = np.cross(norm(p0 - d0 * (p0 @ d0)), d0)
        B = lambda a, b: np.stack([a, norm(b - a * (a @ b)), np.cross(a, norm(b - a * (a @ b)))], 1)
        U, L = B(u, h) @ B(u0, h0).T, B(w, h) @ B(w0, h0).T
        self.R['upper_leg_' + sd] = Rh.T @ U
        self.R['lower_leg_' + sd] = U.T @ L
        self.R['foot_' + sd] = L.T @ E(pitch, g * yaw, 0)
        self.R['toe_' + sd] = E(toe)

    def stand(self):
        for sd in 'lr':
            self.leg(sd, self.rig.pos['foot_' + sd])

    def blink(self, a):
        """0 open .. 1 closed."""
        for sd in 'lr':
            self.R['eyelid_' + sd] = E(a * self.rig.s['blink'])

    def look(self, yaw=0, pitch=0):
        for sd in 'lr':
            self.R['eye_' + sd] = E(pitch, yaw)


def pulse(t, at, w=.09):
    return math.exp(-((t - at) / w) ** 2 * 1.6) if abs(t - at) < .35 else 0.


def bump(t, a, b, c, d):
    """0 before a, 1 between b and c, 0 after d."""
    return float(sstep(a, b, t) * (1 - sstep(c, d, t)))


def lerp(a, b, k):
    return np.asarray(a, float) * (1 - k) + np.asarray(b, float) * k


def make_clips(rig):
    s = rig.s
    H = s['ua'] + s['la']
    sx, sy, _ = s['sh']
    P2 = 2 * PI
    lid0 = s.get('lid0', 0.)
    hang = v3(sx + s['hang'], sy - H * .965, .035)
    rfd, rpalm = v3(.10, -1, .16), v3(-1, -.1, -.12)
    out = {}

    def carry(p, tgt, sd, k=1.):
        g = 1 if sd == 'l' else -1
        t = v3(tgt[0] * g, tgt[1], tgt[2])
        R, q = p.fk('chest')
        return t * (1 - k) + (q + R @ (t - rig.pos['chest'])) * k

    def base(t, T, amp=1., n=1):
        """Breathing and weight shift shared by the standing loops."""
        p = Pose(rig)
        a = P2 * t / T
        br = math.sin(2 * a) * amp
        sh = math.sin(a) * amp
        p.T['hips'] = v3(.014 * sh, -.004 - .002 * br, .003 * math.cos(a))
        p.R['hips'] = E(0, 1.2 * sh, -1.2 * sh)
        p.R['spine'] = E(1.0 + .7 * br, -.6 * sh, 1.0 * sh)
        p.R['chest'] = E(-1.2 - 1.1 * br, -.8 * sh, .7 * sh)
        for sd, g in (('l', 1), ('r', -1)):
            p.R['shoulder_' + sd] = E(0, 0, g * (1.2 * br - 1.))
        p.R['neck'] = E(1 + .6 * br, .8 * math.sin(a + 1), 0)
        p.R['head'] = E(.5 - .5 * br, 2. * math.sin(a + .6), -.8 * sh)
        p.stand()
        return p

    def rest_arms(p, t, T, which='lr'):
        a = P2 * t / T
        for i, sd in enumerate('lr'):
            if sd in which:
                tg = hang + v3(.004 * math.sin(a + i), .003 * math.sin(2 * a + i), .012 * math.sin(a + .7 * i))
                p.arm(sd, carry(p, tg, sd), (.35, 0, -1), rfd, rpalm)
                p.curl(sd, 16 + 2 * math.sin(a + i), 22 + 2 * math.sin(a + 1 + i), 8)

    def mix(p, sd, t0, t1, k, pole0, pole1, fd1, palm1, c=1.):
        """Blend the arm between hanging and a target, along a slight arc."""
        tg = lerp(t0, t1, k) + v3(0, 0, .10 * H * math.sin(PI * k))
        p.arm(sd, carry(p, tg, sd, c), lerp(pole0, pole1, k), norm(lerp(rfd, fd1, k) + v3(0, 0, .25 * math.sin(PI * k))),
              lerp(rpalm, palm1, k) + v3(0, -.001, .002))

    def lids(p, t, times, extra=0.):
        p.blink(min(1., max(pulse(t, b) for b in times) + lid0 + extra))

    def idle(t):
        p = base(t, 4)
        rest_arms(p, t, 4)
        lids(p, t, (1.05, 3.1))
        y = 3 * bump(t, .9, 1.1, 2.9, 3.1) - 1.5
        p.look(y * 1.3, 0)
        p.rot('head', 0, y * .8)
        return p

    def walk(t):
        p = Pose(rig)
        ph = t
        a = P2 * ph
        stance, half = .56, .56 * 1.1 / 2
        hy = s['leg'][3]
        drop = s['walkdrop']
        p.T['hips'] = v3(.018 * math.cos(a), -drop - .014 * math.cos(2 * a), 0)
        p.R['hips'] = E(2, -5 * math.cos(a + 0), -2.2 * math.cos(a))
        p.R['spine'] = E(1.5, 3 * math.cos(a), 1.5 * math.cos(a))
        p.R['chest'] = E(.5 + .8 * math.cos(2 * a), 6 * math.cos(a), .8 * math.cos(a))
        p.R['neck'] = E(-1.5, -2 * math.cos(a), 0)
        p.R['head'] = E(-1.5 - .8 * math.cos(2 * a + .5), -2 * math.cos(a), 0)
        for sd, o in (('l', 0.), ('r', .5)):
            g = 1 if sd == 'l' else -1
            f = (ph + o) % 1
            x = s['leg'][0] * g * .8
            if f < stance:
                k = f / stance
                z = half - 1.1 * f
                heel = float(sstep(.62, 1., k))
                strike = 1 - float(sstep(0, .16, k))
                pitch = 34 * heel - 16 * strike
                toe = -26 * heel
                # keep the sole on the ground while the foot rolls on its heel or its ball
                fl = .10
                r = math.radians(34 * heel)
                y = hy + math.sin(r) * fl * .95 + .012 * strike
                z2 = z + (1 - math.cos(r)) * fl + math.sin(r) * hy * .3
            else:
                k = (f - stance) / (1 - stance)
                e = float(sstep(0, 1, k))
                z2 = -half + .02 + (2 * half - .02) * (k * .35 + e * .65)
                pitch = 34 * (1 - k) ** 1.2 * math.cos(k * .9) - 16 * e * k + 12 * math.sin(PI * k)
                y = hy + math.sin(math.radians(34)) * .095 * (1 - k) ** 1.5 + .075 * math.sin(PI * k) + .012 * e * k
                toe = -26 * (1 - k) ** 3
            p.leg(sd, v3(x, y, z2), pitch, toe)
            sw = math.cos(a + PI + (0 if sd == 'l' else PI))     # arm opposes its leg
            tg = v3(sx + s['hang'] * .9, sy - H * (.955 - .03 * max(sw, 0)), .05 + .20 * H / .55 * sw)
            p.R['shoulder_' + sd] = E(0, g * -3 * sw, 0)
            p.arm(sd, carry(p, tg, sd), (.35, 0, -1), rfd + v3(0, 0, .28 * sw + .1), rpalm)
            p.curl(sd, 20, 28, 12)
        lids(p, t, (.3,))
        return p

    def talk(t):
        p = base(t, 4, .8)
        a = P2 * t / 4
        env = .35 + .65 * (.5 - .5 * math.cos(2 * a)) * (.6 + .4 * math.sin(3 * a + .5))
        jaw = max(0., env * (.5 + .33 * math.sin(16 * a) + .3 * math.sin(11 * a + 1.3)))
        p.R['jaw'] = E(15 * jaw)
        p.rot('head', 3 * math.sin(3 * a) + 2.5 * math.sin(5 * a + 1), 4 * math.sin(2 * a + .4), 1.5 * math.sin(3 * a + 2))
        for sd in 'lr':
            p.R['brow_' + sd] = E(-8 * max(0, math.sin(3 * a + .3)))
            p.T['brow_' + sd] = v3(0, .003 * max(0, math.sin(3 * a)), 0)
        kr = .9 * bump(t, .25, .9, 2.3, 3.1)
        kl = .62 * bump(t, 1.3, 1.9, 2.7, 3.5)
        w = math.sin(6 * a)
        for sd, k, o in (('r', kr, 0), ('l', kl, .8)):
            tg = v3(sx + .03, sy - H * .55, .36 * H / .55) + v3(.02 * math.sin(4 * a + o), .03 * math.sin(6 * a + o), .02 * math.cos(4 * a))
            mix(p, sd, hang, tg, k, (.35, 0, -1), (.6, -.6, -.5), (-.25, .12, 1), (-.55, .8, .1))
            p.curl(sd, 16 + 4 * w * k, 22 + 5 * w * k - 6 * k, 8)
        lids(p, t, (.5, 2.0, 3.55))
        return p

    def gesture(t):
        p = base(t, 3, .5)
        k = bump(t, .15, 1.0, 2.1, 2.9)
        ant = pulse(t, .25, .15)
        p.rot('chest', 1.5 * ant - 1.5 * k, -10 * k)
        p.rot('spine', 0, -5 * k)
        p.rot('head', -3 * k, -9 * k, 0)
        p.look(-10 * k, -3 * k)
        p.R['shoulder_r'] = E(0, 6 * k, -6 * k)
        p.stand()
        tg = v3(sx + .20 * H / .55, sy + .05, .86 * H)
        tg = tg + v3(0, .008 * math.sin(P2 * t * 1.3), 0) * k
        q = lerp(hang, tg, k) + v3(.05, 0, .06) * math.sin(PI * k)
        wt = carry(p, q, 'r', 1 - k)
        p.arm('r', wt, lerp((.35, 0, -1), (.7, -.8, -.2), k), norm(lerp(rfd, (.28, .08, 1), k) + v3(.1, 0, .3) * math.sin(PI * k)),
              lerp(rpalm, (-.75, -.6, .1), k))
        p.curl('r', 16 * (1 - k) + 1 * k, 22 + 42 * k, 8 + 16 * k)
        rest_arms(p, t, 3, 'l')
        for sd in 'lr':
            p.T['brow_' + sd] = v3(0, .004 * k, 0)
        p.R['jaw'] = E(4 * bump(t, .9, 1.1, 1.5, 1.8) * abs(math.sin(9 * t)))
        lids(p, t, (.42, 2.35), -.06 * k)
        return p

    def listen(t):
        p = base(t, 4, .75)
        rest_arms(p, t, 4)
        a = P2 * t / 4
        nod = bump(t, .9, 1.1, 1.2, 1.5) + .7 * bump(t, 1.45, 1.65, 1.7, 2.1)
        p.rot('neck', 2, 0, 0)
        p.rot('head', 1 + 7 * nod, -3 + 1.5 * math.sin(a), 4 + 1.5 * math.sin(a + 1))
        p.rot('spine', 1.5, 0, 0)
        p.look(2 * math.sin(a), -1 - 3 * nod)
        for sd in 'lr':
            p.T['brow_' + sd] = v3(0, .0025 + .002 * math.sin(a + 2), 0)
        lids(p, t, (.8, 2.6), -.04)
        return p

    def work(t):
        p = Pose(rig)
        a = P2 * t / 3
        ln = s['lean']
        p.T['hips'] = v3(.006 * math.sin(a), -.012, -.05 - .03 * ln / 10)
        p.R['hips'] = E(ln * .45, 1.5 * math.sin(a), 0)
        p.R['spine'] = E(ln * .5 + .5 * math.sin(2 * a), .8 * math.sin(a), 0)
        p.R['chest'] = E(ln * .45, 1.2 * math.sin(a), 0)
        p.R['neck'] = E(ln * .35, 0, 0)
        p.R['head'] = E(ln * .55 + 1.5 * math.sin(2 * a + 1), 3 * math.sin(a + .5), 2 * math.sin(a))
        p.look(2.5 * math.sin(a + .5), 10)
        p.stand()
        by = .95 + s['workup']
        z = s['workz']
        tl = v3(.145 + .008 * math.sin(a), by + .05, z)
        p.arm('l', v3(tl[0], tl[1], tl[2]), (.8, -.5, -.5), (-.55, -.35, .75), (-.75, -.55, .2))
        p.curl('l', 34, 38, 20)
        tr = v3(-.115 - .035 * math.cos(a), by + .075 + .022 * math.sin(2 * a), z + .02 + .035 * math.sin(a))
        p.arm('r', tr, (.8, -.45, -.5), (-.45, -.5 - .12 * math.sin(2 * a), .8), (-.6, -.75, .1))
        p.curl('r', 30 + 7 * math.sin(2 * a), 42 + 6 * math.sin(2 * a), 22)
        for sd, g in (('l', 1), ('r', -1)):
            p.R['brow_' + sd] = E(0, 0, g * -5)
            p.T['brow_' + sd] = v3(0, -.002, 0)
        lids(p, t, (1.4,), .16)
        return p

    for n, d, f in (('idle', 4., idle), ('walk', 1., walk), ('talk', 4., talk), ('gesture', 3., gesture),
                    ('listen', 4., listen), ('work', 3., work)):
        N = int(d * 30)
        ts = np.arange(N + 1) / N * d
        ps = [f(0. if n != 'gesture' and i == N else float(t)) for i, t in enumerate(ts)]
        out[n] = (ts, ps)
    return out


def reduce_keys(ts, q, tol):
    """Greedy piecewise linear key reduction."""
    keep = [0]
    i = 0
    n = len(ts)
    while i < n - 1:
        j = i + 1
        best = j
        while j < n:
            k = (ts[i:j + 1] - ts[i]) / (ts[j] - ts[i])
            e = np.abs(q[i] + (q[j] - q[i]) * k[:, None] - q[i:j + 1]).max()
            if e > tol:
                break
            best = j
            j += 1
        keep.append(best)
        i = best
    return np.array(keep)


def write_clips(glb, rig, nodes):
    glb.j['animations'] = []
    for name, (ts, ps) in make_clips(rig).items():
        an = dict(name=name, channels=[], samplers=[])

        def chan(node, path, t, v):
            sm = dict(input=glb.pool(t, 'SCALAR', True), output=glb.pool(v, 'VEC4' if v.shape[1] == 4 else 'VEC3'))
            if sm not in an['samplers']:
                an['samplers'].append(sm)
            an['channels'].append(dict(sampler=an['samplers'].index(sm), target=dict(node=node, path=path)))
        for b in rig.names:
            if b == 'root':
                continue
            q = np.array([quat(p.R[b]) for p in ps])
            for i in range(1, len(q)):
                if q[i] @ q[i - 1] < 0:
                    q[i] *= -1
            if q[0][3] < 0:
                q = -q
            k = reduce_keys(ts, q, .0012 if not b.startswith(('thumb', 'index', 'fingers')) else .004)
            if len(k) == 2 and np.allclose(q[0], q[-1], atol=1e-4):
                k = np.array([0, len(ts) - 1])
            if np.abs(q - v3(0, 0, 0, 1)).max() < 2e-4:
                continue                      # at rest: the node's own rotation holds
            qq = q[k] / np.linalg.norm(q[k], axis=1, keepdims=True)
            chan(nodes[b], 'rotation', ts[k], qq)
            if b == 'hips' or b.startswith('brow'):
                tr = np.array([rig.off(b) + p.T.get(b, 0) for p in ps])
                k = reduce_keys(ts, tr, .0006)
                chan(nodes[b], 'translation', ts[k], tr[k])
        glb.j['animations'].append(an)

# =============================================================== figures

def head_sdf(s, mouth=True):
    ex, ey, ez, er = s['eye']
    my, mw, sm = s['mouth']

    def base(p):
        x = np.abs(p[..., 0])
        q = np.stack([x, p[..., 1], p[..., 2]], -1)
        d = ell(p, s['skull'][0], s['skull'][1])
        d = smin(d, ell(p, s['jawb'][0], s['jawb'][1]), .05)
        d = smin(d, ell(p, s['chin'][0], s['chin'][1]), .04)
        d = smin(d, ell(q, s['cheek'][0], s['cheek'][1]), .03)
        d = smin(d, cap(p, (0, s['jawb'][0][1] - .01, -.022), (0, -.26, -.032), s['neckr'], s['neckr'] * 1.03), .035)
        # brow ridge
        d = smin(d, cap(q, (ex * .35, ey + er * 1.35, ez + er * .72), (ex * 1.5, ey + er * 1.25, ez + er * .15), er * .38, er * .30), .022)
        # sockets
        d = smax(d, -(np.linalg.norm(q - v3(ex, ey, ez), axis=-1) - (er + .0035)), .010)
        # cheek bag under the eye
        d = smin(d, cap(q, (ex * .62, ey - er * 1.22, ez + er * .52), (ex * 1.45, ey - er * 1.02, ez + er * .22), er * .22, er * .2), .014)
        n = s['nose']
        d = smin(d, cap(p, (0, ey + er * .5, n['bz']), (0, n['tip'][1] + .006, n['tip'][2] - .012), n['br'], n['br'] * 1.25), .020)
        d = smin(d, ell(p, n['tip'], n['tr']), .014)
        d = smin(d, ell(q, (n['wx'], n['tip'][1] - .006, n['tip'][2] - .02), n['wr']), .010)
        d = smax(d, -ell(q, (n['wx'] * .62, n['tip'][1] - n['tr'][1] * .95, n['tip'][2] - .010), (.0055, .006, .007)), .006)
        # ear
        e = s['ear']
        Re = E(0, 18, -6)
        d = smin(d, ell(q, e[0], e[1], Re), .010)
        d = smax(d, -ell(q, v3(*e[0]) + v3(.008, .002, .009), v3(*e[1]) * v3(.8, .62, .6), Re), .008)
        return d

    zm = float(ray(base, (0, my, .3), (0, 0, -1))[2])
    lipc = []
    for u in np.linspace(-1, 1, 7):
        x = u * mw
        lipc.append(ray(base, (x, my + sm * u * u, .3), (0, 0, -1)))
    lipc = np.array(lipc)

    def ym(x):
        return my + sm * (x / mw) ** 2

    def full(p):
        d = base(p)
        lr = s['lip']
        for i in range(6):
            a, b = lipc[i], lipc[i + 1]
            f = lambda j: 1 - .55 * abs((j - 3) / 3) ** 1.5
            up, dn = v3(0, lr * .85, -.0015), v3(0, -lr * .95, -.001)
            d = smin(d, cap(p, a + up * f(i), b + up * f(i + 1), lr * f(i), lr * f(i + 1)), .010)
            d = smin(d, cap(p, a + dn * f(i), b + dn * f(i + 1), lr * 1.12 * f(i), lr * 1.12 * f(i + 1)), .010)
        return d

    def carved(p):
        d = full(p)
        x, y, z = p[..., 0], p[..., 1], p[..., 2]
        u = np.clip(np.abs(x) / mw, 0, 1.2)
        th = .0016 * np.clip(1.02 - u ** 4, 0, 1) ** .5 + .0003
        slit = np.maximum(np.maximum(np.abs(y - ym(x)) - th, np.abs(x) - mw), (zm - .035) - z)
        cav = ell(p, (0, my - .001, zm - .034), (mw * .82, .017, .022))
        return smax(d, -smin(slit, cav, .004), .003)

    return (carved if mouth else full), full, zm, ym


def eye_parts(s):
    """Eyeball, upper lid, lower lid and lash line, centred on the eye, for the left eye."""
    r = s['eye'][3]
    n, m = 20, 9
    th = PI * np.linspace(0, 1, m) ** 1.25          # from the pupil outward
    a = np.arange(n) * 2 * PI / n
    P = np.stack([np.cos(a)[:, None] * np.sin(th), np.sin(a)[:, None] * np.sin(th), np.ones(n)[:, None] * np.cos(th)], -1) * r
    a2 = np.arange(n + 1) * 2 * PI / n
    rr = np.minimum(th / 1.6, 1) * .49
    uv = np.stack([.5 + np.cos(a2)[:, None] * rr, .5 - np.sin(a2)[:, None] * rr], -1)
    globe = orient(grid_mesh(P, True, uv, crease=80))

    def shell(a0, a1, R, span=86, nu=13, nv=6, arch=0.):
        ph = np.radians(np.linspace(-span, span, nu))
        rows = []
        for p_ in ph:
            e0 = math.radians(a0) + arch * (math.cos(p_) - 1)
            al = np.linspace(e0, math.radians(a1), nv)
            c = math.cos(p_)
            row = [v3(math.sin(p_), c * math.sin(x), c * math.cos(x)) * R for x in al]
            inner = [v3(math.sin(p_), c * math.sin(e0), c * math.cos(e0)) * (R - .0022)]
            rows.append(inner + row)
        g = grid_mesh(np.array(rows), crease=75)
        cen = g.v[g.t].mean(1)
        if (g.fn() * cen).sum() < 0:
            g.t = g.t[:, ::-1].copy()
            g.uv = g.uv[:, ::-1].copy()
        return g
    R = r + .0028
    up0, lo0 = s['lids']
    up = shell(up0, 165, R)
    lo = shell(lo0, -150, R - .0004)
    ph = np.radians(np.linspace(-84, 84, 15))
    e = math.radians(up0)
    lash = tube([v3(math.sin(p), math.cos(p) * math.sin(e), math.cos(p) * math.cos(e)) * (R + .0003) for p in ph],
                .0019 * (1 - .45 * (np.abs(ph) / ph.max()) ** 2), 6, crease=80)
    tilt = E(0, 0, s.get('tilt', -5))
    return globe, up.xf(tilt), lo.xf(tilt), orient(lash).xf(tilt)


def hand_mesh(rig, fore):
    """Left hand (with a bit of forearm), in world rest space."""
    D, k = rig.d['l'], rig.s['hand']
    B = np.stack([D['w'], D['back'], D['th']], 1)
    segs = list(zip(FINGERS, [.0104, .0107, .0103, .0093]))
    thumb = THUMB

    def f(p):
        palm = cap(p, (.012, 0, .010), (.078, .002, .022), .0175, .0155)
        palm = smin(palm, cap(p, (.012, 0, -.008), (.078, .002, 0), .0175, .0155), .012)
        palm = smin(palm, cap(p, (.012, 0, -.014), (.074, .001, -.026), .0170, .0145), .012)
        palm = smin(palm, ell(p, (.035, -.008, .022), (.030, .012, .018)), .012)
        fing = None
        for pts, r in segs:
            d = cap(p, pts[0] - v3(.012, 0, 0), pts[1], r * 1.05, r)
            d = smin(d, cap(p, pts[1], pts[2], r, r * .95), .004)
            d = smin(d, cap(p, pts[2], pts[3], r * .95, r * .86), .004)
            d = smin(d, np.linalg.norm(p - pts[1] - v3(0, .002, 0), axis=-1) - r * .98, .006)
            fing = d if fing is None else smin(fing, d, .0015)
        t = cap(p, thumb[0], thumb[1], .0165, .0128)
        t = smin(t, cap(p, thumb[1], thumb[2], .0128, .0120), .006)
        t = smin(t, cap(p, thumb[2], thumb[3], .0120, .0098), .006)
        d = smin(palm, fing, .010)
        d = smin(d, t, .010)
        wr = rig.s['wrist']
        d = smin(d, cap(p, (-fore, 0, 0), (.006, 0, 0), rig.s['forer'], wr), .018)
        return d
    xs = axis(-fore - .05, .19, .014, [(.0, .18, .0068)])
    ys = axis(-.075, .05, .0062)
    zs = axis(-.066, .10, .0054)
    if fore > .06:
        xs = axis(-fore - .05, .19, .020, [(-.01, .18, .0068)])
    m = surface_nets(f, xs, ys, zs, relax=1, ratio=.30)
    nails = []
    for pts, r in segs + [(thumb, .0118)]:
        t = norm(pts[3] - pts[2])
        up = norm(v3(0, 1, 0) - t * t[1]) if pts is not thumb else norm(v3(-.1, 1, .15))
        up = norm(up - t * (up @ t))
        c = ray(f, pts[3] - t * .0035 + up * .03, -up, .05)
        nl = ball(1, 8, 5).xf(np.stack([t, up, np.cross(t, up)], 1) @ np.diag([.0052, .0012, r * .50]), c - up * .0006)
        nails.append(nl)
    return m.xf(B, D['wr'], k), [orient(n).xf(B, D['wr'], k) for n in nails]


def arm_sdf(rig, r0, r1, r2, stop=None, sd='l', disp=0.):
    """Sleeve from the shoulder to the wrist (or to the share stop of the upper arm)."""
    D, s = rig.d[sd], rig.s

    def f(p):
        L = s['ua'] if stop is None else s['ua'] * stop
        d = cap(p, D['S'] - D['u'] * .02, D['S'] + D['u'] * L, r0, r1)
        t = (p - D['S']) @ D['u']
        if stop is None:
            d = smin(d, cap(p, D['el'], D['wr'] + D['w'] * .03, r1, r2), .02)
            q = (p - D['wr']) @ D['w']
            if disp:
                e = t - s['ua']
                d = d - disp * np.sin(e * 2 * PI / .052 + 3 * p[..., 2]) * np.exp(-(e / .07) ** 2)
                d = d - disp * .8 * np.sin(q * 2 * PI / .042) * np.exp(-((q + .05) / .05) ** 2)
            d = smax(d, q - .004, .006)
        else:
            if disp:
                e = t - L + .06
                d = d - disp * np.sin(e * 2 * PI / .05 + 2 * p[..., 2] * 20) * np.exp(-(e / .06) ** 2)
            d = smax(d, t - L, .006)
        return d
    return f


def mirror_f(f):
    return lambda p: f(p * v3(-1, 1, 1))


def ring_at(f, y, n=40, cz=0., rmax=.5):
    """Closed ring of surface points at height y."""
    out = []
    for a in np.arange(n) * 2 * PI / n:
        d = v3(math.sin(a), 0, math.cos(a))
        out.append(ray(f, v3(0, y, cz) + d * rmax, -d, rmax, 120))
    return np.array(out)


def strip(f, xa, xb, y0, y1, nx=4, ny=12, z=.4):
    """Grid of guesses on the front of a garment; xa, xb are functions or numbers."""
    P = np.zeros((nx, ny, 3))
    for j, y in enumerate(np.linspace(y0, y1, ny)):
        a = xa(y) if callable(xa) else xa
        b = xb(y) if callable(xb) else xb
        for i, x in enumerate(np.linspace(a, b, nx)):
            P[i, j] = ray(f, (x, y, z), (0, 0, -1), z + .3, 100)
    return P


def place(f, x, y, mesh, z=.4, sink=0., off=0., roll=0.):
    """Put a +Y facing mesh on the front surface."""
    p = ray(f, (x, y, z), (0, 0, -1), z + .3, 160)
    n = norm(grad(f, p[None], .006)[0])
    up = norm(v3(0, 1, 0) - n * n[1])
    R = np.stack([np.cross(n, up) * -1, n, up], 1)
    if np.linalg.det(R) < 0:
        R[:, 0] *= -1
    return mesh.xf(R @ E(0, roll), p + n * (off - sink))


def button(r, t=.006):
    return lathe([(0, -.004), (r, -.004), (r, t * .6), (r * .86, t), (r * .72, t * .75), (0, t * .7)], 10, crease=35)


def knit_uv(m, rig, dt, da, rep=14, vs=18.):
    """Cylindrical UV for torso and both sleeves of a garment mesh."""
    cen = m.v[m.t].mean(1)
    d0 = dt(cen)
    uv = uv_cyl(m.copy(), (0, 0, 0), (0, 1, 0), (0, 0, -1), rep, vs).uv
    for sd, g in (('l', 1), ('r', -1)):
        D = rig.d[sd]
        k = (da[sd](cen) < d0) & (g * cen[:, 0] > .05)
        u2 = uv_cyl(m.copy(), D['S'], norm(D['wr'] - D['S']), (0, 0, -1), max(4, round(rep * .36)), -vs).uv
        uv[k] = u2[k]
    m.uv = uv
    return m


class Fig:
    def __init__(self, spec):
        self.rig = Rig(spec)
        self.s = spec
        self.parts = {}

    def add(self, mat, m, w):
        """w: joint name or weight function."""
        if isinstance(w, str):
            w = self.rig.one(w)
        m = join_creased([m])
        self.parts.setdefault(mat, []).append((m, w(m.v)))

    def both(self, mat, m, w):
        """Left part and its mirror; w is a function of the side, or a joint stem."""
        for sd, mm in (('l', m), ('r', m.mirror())):
            self.add(mat, mm, (w + '_' + sd) if isinstance(w, str) else w(sd))

    def head(self, skin):
        s, rig = self.s, self.rig
        C = rig.C
        f, full, zm, ym = head_sdf(s)
        self.headf = full
        self.zm = zm
        ex, ey, ez, er = s['eye']
        my, mw, sm = s['mouth']
        xs = axis(-.15, .15, .0135, [(-.058, .058, .0066)])
        ys = axis(-.215, .17, .0135, [(my - .005, my + sm + .005, .0016), (my - .03, ey + er * 1.4, .0066)])
        zs = axis(-.145, .18, .0145, [(.055, .165, .0066)])
        m = surface_nets(f, xs, ys, zs, relax=1, ratio=.45, keep=lambda v: 1 + 12. * np.exp(-(((v[:, 1] - my) / .02) ** 2 + (v[:, 0] / (mw * 1.2)) ** 2)) * (v[:, 2] > .02))
        cen = m.v[m.t].mean(1)
        inside = (full(cen) < -.0028) & (np.abs(cen[:, 1] - my) < .03) & (cen[:, 2] > 0)
        mu = (m.v[:, 0] / .30 + .5)
        mv = 1 - (m.v[:, 1] / .36 + .55)
        m.uv = np.stack([mu, mv], -1)[m.t]
        m.uv[(cen[:, 2] < -.015) & (np.abs(cen[:, 0]) < s['ear'][0][0] - .012)] = (.02, .98)       # the face is painted on the front only

        def w(p):
            q = p - C
            W = np.zeros((len(p), len(rig.names)))
            x, y, z = q.T
            out = np.maximum(np.abs(x) - mw, 0)
            back = np.maximum(zm - .05 - z, 0)
            wd = .0012 + out * .55 + back * .35
            t = sstep(-1, 1, (ym(np.clip(x, -mw * 1.3, mw * 1.3)) - y) / wd)
            t = t * sstep(-.03, .045, z) * sstep(-.185, -.14, y)
            n = sstep(rig.pos['head'][1] + .012, rig.pos['head'][1] - .035, p[:, 1]) * (1 - t)
            W[:, rig.idx['jaw']] = t * (1 - n)
            W[:, rig.idx['neck']] = n
            W[:, rig.idx['head']] = (1 - t) * (1 - n)
            return W
        self.add(skin, m.sub(~inside).xf(t=C), w)
        self.add('mouth', m.sub(inside).xf(t=C), w)
        # teeth and tongue
        u = np.linspace(-1, 1, 11)
        arc = np.stack([u * mw * .62, my + .0026 + sm * (u * .62) ** 2, zm - .0078 - .016 * u * u], 1)
        self.add('teeth', orient(tube(arc, .0068, 8, flat=.75, up=(0, 1, 0), crease=80)).xf(t=C), 'head')
        self.add('tongue', ball(1, 12, 8).xf(np.diag([mw * .60, .0075, .020]), C + v3(0, my - .0100, zm - .031)), 'jaw')
        # eyes
        globe, up, lo, lash = eye_parts(s)
        for sd, g in (('l', 1), ('r', -1)):
            e = rig.pos['eye_' + sd]
            mm = (lambda q: q) if g > 0 else (lambda q: q.mirror())
            self.add('eye_' + s['name'], globe.xf(t=e), 'eye_' + sd)      # not mirrored: same highlight side
            up_, lo_ = mm(up).xf(t=e), mm(lo).xf(t=e)
            for l_ in (up_, lo_):
                l_.uv = np.stack([(l_.v[:, 0] - C[0]) / .30 + .5, 1 - ((l_.v[:, 1] - C[1]) / .36 + .55)], -1)[l_.t]
            self.add(skin, up_, 'eyelid_' + sd)
            self.add(skin, lo_, 'head')
            self.add('lash', mm(lash).xf(t=e), 'eyelid_' + sd)

    def hands(self, skin, fore):
        m, nails = hand_mesh(self.rig, fore)
        uv0 = np.zeros((len(m.t), 3, 2)) + np.array([.02, .98])
        m.uv = uv0
        self.both(skin, m, lambda sd: self.rig.hand(sd))
        for n in nails:
            self.both('nail', n, lambda sd: self.rig.hand(sd))

    def write(self, name, path):
        rig = self.rig
        hs, pivot = self.s.get('hs', 1.), rig.pos['head'].copy()
        fam = [n for n in rig.names if n == 'head' or rig.parent[n] == 'head']
        ids = [rig.idx[n] for n in fam]
        for lst in self.parts.values():
            for m, w in lst:
                k = w[:, ids].sum(1, keepdims=True) / np.maximum(w.sum(1, keepdims=True), 1e-9)
                m.v += k * (hs - 1) * (m.v - pivot)
        for n in fam:
            rig.pos[n] = pivot + (rig.pos[n] - pivot) * hs
        g = Glb(name)
        nodes = {}
        for b in rig.names:
            par = rig.parent[b]
            nodes[b] = g.node(nodes[par] if par else None, name=b, translation=[round(float(x), 6) for x in rig.off(b)])
        prim, W = {}, {}
        for k, lst in self.parts.items():
            m = join([Mesh(a.v, a.t, a.n, a.uv) for a, _ in lst])
            prim[k], W[k] = m, np.concatenate([w for _, w in lst])
        for k in W:
            W[k] = W[k] / np.maximum(W[k].sum(1, keepdims=True), 1e-9)
        mi = g.mesh(name, prim, W)
        ibm = np.tile(np.eye(4), (len(rig.names), 1, 1))
        for i, b in enumerate(rig.names):
            ibm[i, :3, 3] = -rig.pos[b]
        acc = g.acc(ibm.transpose(0, 2, 1).reshape(-1, 16).astype('f4'), 'MAT4')
        g.j['skins'] = [dict(name=name, joints=[nodes[b] for b in rig.names], inverseBindMatrices=acc, skeleton=nodes['root'])]
        g.node(None, name=name + '_body', mesh=mi, skin=0)
        write_clips(g, rig, nodes)
        return g.save(path)


MARA = dict(
    name='mara', hs=1.15, C=(0, 1.352, .008), hips=.72, spine=.82, chest=.96, neck=1.165, head=1.232,
    jaw=v3(0, -.03, 0), eye=(.0445, .010, .0765, .0255), lids=(30, -33), blink=55, tilt=-3,
    sh=(.165, 1.085, -.01), ua=.235, la=.215, hand=1.0, wrist=.022, forer=.030, leg=(.088, .70, .385, .085),
    hang=.085, walkdrop=.022, lean=7, workup=.02, workz=.335, lid0=.03,
    skull=((0, .022, -.014), (.108, .122, .116)), jawb=((0, -.055, .012), (.098, .080, .090)),
    chin=((0, -.112, .060), (.036, .026, .030)), cheek=((.056, -.040, .062), (.040, .036, .040)),
    neckr=.056, nose=dict(bz=.094, br=.0105, tip=(0, -.027, .128), tr=(.0215, .0195, .0215), wx=.0175, wr=(.0125, .011, .013)),
    ear=((.108, -.010, -.012), (.014, .030, .022)), mouth=(-.0755, .038, .0095), lip=.0062)

ILYA = dict(
    name='ilya', hs=1.12, C=(0, 1.700, .010), hips=.965, spine=1.08, chest=1.245, neck=1.505, head=1.572,
    jaw=v3(0, -.03, 0), eye=(.038, .012, .0735, .0215), lids=(25, -35), blink=52, tilt=-9,
    sh=(.175, 1.428, -.012), ua=.305, la=.275, hand=1.12, wrist=.0215, forer=.0345, leg=(.085, .935, .515, .085),
    hang=.055, walkdrop=.018, lean=15, workup=.06, workz=.40, lid0=.05,
    skull=((0, .024, -.012), (.094, .122, .110)), jawb=((0, -.060, .012), (.079, .092, .082)),
    chin=((0, -.138, .056), (.030, .028, .028)), cheek=((.050, -.024, .060), (.031, .030, .032)),
    neckr=.047, nose=dict(bz=.090, br=.0115, tip=(0, -.038, .136), tr=(.0195, .021, .0235), wx=.0165, wr=(.011, .011, .014)),
    ear=((.096, -.012, -.010), (.014, .034, .023)), mouth=(-.0935, .030, .003), lip=.0052)


def clump(pts, r, n=10, sides=7, flat=.6, tip=.25, root=.55):
    p = spline(pts, n)
    u = np.linspace(0, 1, n)
    prof = np.minimum(1, root + (1 - root) * u / .3) * np.where(u > .5, 1 - (1 - tip) * (np.maximum(u - .5, 0) / .5) ** 1.6, 1)
    return p, r * prof, sides, flat


def hair_tube(f, pts, r, off=0., n=10, sides=6, flat=.6, tip=.25, root=.55, fit=True):
    p, rr, sides, flat = clump(pts, r, n, sides, flat, tip, root)
    if fit:
        p = project(f, p, off, 4, .004)
    up = norm(grad(f, p, .006))
    return orient(tube(p, rr, sides, flat=flat, up=up, crease=80))


def brows(fig, mat, w, thick, bushy, seed, arch=.010, yoff=.0, droop=.006):
    s, C = fig.s, fig.rig.C
    ex, ey, ez, er = s['eye']
    g = rng(seed)
    f = fig.headf
    y0 = ey + er * 1.42 + yoff
    ms = []
    for i in range(bushy):
        u0 = i / bushy * .85
        u1 = min(1, u0 + .45)
        pts = []
        for u in np.linspace(u0, u1, 4):
            x = ex - w * .52 + w * u
            y = y0 + arch * math.sin(PI * min(1, u * .85 + .12)) - droop * u * u - .003 * (1 - u) ** 3 + g.normal(0, .0008) + (.002 * (u - u0) / .45)
            pts.append(ray(f, (x, y, .25), (0, 0, -1)))
        ms.append(hair_tube(f, pts, thick * g.uniform(.85, 1.1), thick * .25, 6, 5, .75, .3, .5))
    fig.both(mat, join(ms).xf(t=C), 'brow')


def shoe(rig, r0, r1, top, foot, sole_mat, mat, fig, toe_up=.0):
    """Boots or shoes. foot = (centre y, centre z, rx, ry, rz)."""
    x = rig.s['leg'][0]
    fy, fz, rx, ry, rz = foot

    def f(p):
        d = cap(p, (x, .085, -.018), (x, top + .05, -.006), r0, r1)
        d = smin(d, ell(p, (x, fy, fz), (rx, ry, rz)), .045)
        d = smin(d, ell(p, (x, fy * .95, fz + rz * .52), (rx * 1.0, ry * .80, rz * .46)), .02)
        e = p[..., 1] - .115
        d = d - .0022 * np.sin(e * 2 * PI / .03 + p[..., 2] * 22) * np.exp(-(e / .045) ** 2)
        d = smax(d, p[..., 1] - top, .004)
        return smax(d, .014 - p[..., 1], .006)
    m = surface_nets(f, axis(x - .10, x + .10, .0160), axis(0, top + .03, .0165), axis(-.12, fz + rz + .05, .0165), ratio=.38)
    fig.both(mat, m, lambda sd: lambda p: rig.boot(p, sd))
    n = 26
    a = np.arange(n) * 2 * PI / n
    zz = np.cos(a)
    wx = rx * (1.06 - .12 * (zz < 0) * np.abs(zz) - .10 * np.exp(-((zz + .15) / .35) ** 2))
    ox, oz = np.sin(a) * wx, fz + np.where(zz > 0, zz * (rz + .008), zz * (rz + .004))
    prof = [(0, 0), (.97, 0), (1.03, .006), (1.03, .022), (.96, .028), (.0, .028)]
    P = np.stack([np.stack([x + ox * k, np.full(n, y), fz + (oz - fz) * k], 1) for k, y in prof], 1)
    sole = orient(grid_mesh(P, True, crease=35))
    fig.both(sole_mat, sole, lambda sd: lambda p: rig.boot(p, sd))
    return f


def pants(fig, mat, waist, r, top_y, cz=0., ymax=None):
    rig, s = fig.rig, fig.s
    x, hy, ky, ay = s['leg']

    def f(p):
        q = np.stack([np.abs(p[..., 0]), p[..., 1], p[..., 2]], -1)
        d = cap(q, (x * .95, hy, 0), (x, ky, .006), r[0], r[1])
        d = smin(d, cap(q, (x, ky, .006), (x, ay - .02, -.010), r[1], r[2]), .02)
        e = p[..., 1] - ky
        d = d - .0030 * np.sin(e * 2 * PI / .06 + q[..., 2] * 26 + p[..., 0] * 9) * np.exp(-(e / .05) ** 2) * sstep(.05, -.05, q[..., 2])
        e = p[..., 1] - ay - .06
        d = d - .0032 * np.sin(e * 2 * PI / .05 + q[..., 2] * 34 + p[..., 0] * 14) * np.exp(-(e / .06) ** 2)
        hip = ell(p, (0, hy + .045, cz), waist)
        d = smin(d, hip, .05)
        if top_y:
            d = smax(d, p[..., 1] - top_y, .01)
        return d
    m = surface_nets(f, axis(-.28, .28, .0175), axis(ay - .12, (top_y or hy + .3) + .03, .021), axis(-.26, .26, .0175), ratio=.28)
    if ymax:
        m = m.sub(m.v[m.t][..., 1].max(1) < ymax)
    fig.add(mat, m, rig.legs)
    return f


def mara(indoor):
    fig = Fig(MARA)
    rig, s, C = fig.rig, fig.s, fig.rig.C
    fig.head('skin_mara')
    fig.hands('skin_mara', .07)
    brows(fig, 'brow_mara', .056, .0046, 7, 5, arch=.010, droop=.002)

    # ---- hair: a swept back cap, clumps from the hairline to a low bun
    sk = s['skull']

    def cap_f(p):
        d = ell(p, v3(*sk[0]) + v3(0, .003, -.004), v3(*sk[1]) + (.0085 if indoor else .004))
        x = np.abs(p[..., 0])
        k = .70 * p[..., 1] - .71 * p[..., 2] + .03 * x - .012
        return smax(d, -k, .012)
    m = surface_nets(cap_f, axis(-.14, .14, .0135), axis(-.13, .18, .0135), axis(-.16, .14, .0135), ratio=.3)
    fig.add('hair_mara', m.xf(t=C), 'head')
    bun_c = v3(0, -.062, -.118) if not indoor else v3(0, .012, -.150)
    g = rng(11)
    ho = .009 if indoor else .002                     # pressed flat under the hat
    hf0 = lambda p: ell(p, v3(*sk[0]) + v3(0, .003, -.004), v3(*sk[1]) + ho)
    bd = norm((bun_c - v3(*sk[0])) / v3(*sk[1]))
    A0 = [(.05, .80, .62), (.56, .66, .58), (.97, .22, .22), (.84, -.02, -.55), (.16, .0, -1)]
    A1 = [(.05, 1., -.25), (.34, .88, -.40), (.46, .60, -.72), (.34, .30, -.92), (.08, .10, -1)]
    for sg in (1, -1):
        for i in range(9):
            u = (i / 8) ** .85
            pts = []
            for k, (d0, d1) in enumerate(zip(A0, A1)):
                d = v3(*d0) * (1 - u) + v3(*d1) * u
                d = d * v3(sg, 1, 1) + v3(.05 if k < 2 else 0, 0, 0)
                if k == 4:
                    d = bd + v3(sg * .10, (u - .4) * .25, 0)
                d = norm(d + g.normal(0, .012, 3))
                pts.append(v3(*sk[0]) + d * (v3(*sk[1]) + .009))
            fig.add('hair_mara', hair_tube(hf0, pts, .0165 * g.uniform(.9, 1.1) * (1.25 if i == 0 else 1), .001 + .0035 * (i % 2), 10, 5, .62, .55, .45).xf(t=C), 'head')
    for i in range(7):
        R = E(g.uniform(-10, 10), 0, i * 51.4)
        a = np.linspace(0, 2 * PI, 11)
        pth = np.stack([np.cos(a) * .026, np.sin(a) * .012, np.sin(a) * .030], 1) @ E(60).T @ R.T
        fig.add('hair_mara', orient(tube(pth * 1.05 + bun_c + R @ v3(.014, 0, 0), .0155, 5, crease=80)).xf(t=C), 'head')
    fig.add('hair_mara', ball(.036, 10, 6, bun_c).xf(t=C), 'head')
    # loose locks at the temples
    for dx, ln in ((0, .0), (.006, .018)):
        pts = [v3(.091, .052, .048), v3(.103 + dx * .3, .022, .050), v3(.107 + dx, -.012, .048), v3(.106 + dx, -.040 - ln, .056 - ln * .3), v3(.099 + dx, -.062 - ln, .060)]
        fig.both('hair_mara', orient(tube(spline(pts, 11), .0068 * np.r_[np.linspace(.7, 1, 5), np.linspace(1, .12, 6)], 6, crease=80)).xf(t=C),
                 lambda sd: rig.one('head'))

    # ---- legs
    pants(fig, 'trousers_mara', (.168, .12, .150), (.098, .078, .044), None if indoor else None, -.004, None if indoor else .56)
    shoe(rig, .066, .078, .30, (.058, .048, .062, .050, .128), 'sole', 'boot', fig)
    x = s['leg'][0]
    rim = torus(.0785, .0085, 22, 8).xf(t=(x, .297, -.008))
    fig.both('boot', rim, lambda sd: lambda p: rig.boot(p, sd))

    if not indoor:
        # ---- oilskin coat
        def folds(p, a):
            k = sstep(.86, .32, p[..., 1])
            return k * (.0105 * np.cos(7 * a + .6) + .006 * np.cos(11 * a + 2.1 + p[..., 1] * 3))
        keys = [(.265, .292, .262, -.004), (.45, .268, .240, 0), (.68, .236, .214, .006), (.82, .222, .205, .012),
                (.95, .212, .190, .010), (1.04, .203, .168, 0), (1.10, .176, .138, -.008), (1.145, .124, .104, -.010), (1.185, .088, .085, -.010)]
        dt = loft_sdf(keys, .012, folds)
        al = arm_sdf(rig, .082, .066, .066, disp=.005)
        ar = mirror_f(al)

        def coat(p):
            return smin(dt(p), np.minimum(al(p), ar(p)), .045)
        m = surface_nets(coat, axis(-.52, .52, .0215), axis(.22, 1.21, .026), axis(-.33, .33, .0215), ratio=.38)
        da = {'l': al, 'r': ar}
        w = rig.garment(dt, da, .93, kneef=.42)
        wt = lambda p: rig.torso(p, .93, .42)
        fig.add('oilskin', knit_uv(m, rig, dt, da, 4, 3.), w)
        # hem band, cuffs
        hem = ring_at(dt, .285, 48)
        fig.add('oilskin_trim', orient(tube(hem, .013, 7, closed=True, up=(0, 1, 0), flat=1.7, crease=80)), wt)
        D = rig.d['l']
        B = np.stack([np.cross(D['w'], v3(0, 0, 1)), D['w'], v3(0, 0, 1)], 1)
        B[:, 0] = norm(B[:, 0])
        B[:, 2] = np.cross(B[:, 0], B[:, 1])
        cuff = lathe([(.058, .006), (.0745, .004), (.0775, -.004), (.0775, -.042), (.074, -.050), (.060, -.052)], 22, crease=45)
        if (np.linalg.det(B)) < 0:
            B[:, 0] *= -1
        fig.both('oilskin_trim', orient(cuff).xf(B, D['wr'] + D['w'] * .004), lambda sd: lambda p: rig.arm(p, sd))
        fig.both('lining', lathe([(0, 0), (.066, 0)], 18).xf(B, D['wr'] + D['w'] * .0052), lambda sd: lambda p: rig.arm(p, sd))
        fig.both('knit_navy', orient(lathe([(.052, -.02), (.052, .012), (.046, .020), (.034, .022), (.024, .012)], 18, crease=60, uvs=(6, 1))).xf(B, D['wr']), lambda sd: lambda p: rig.arm(p, sd))
        # placket with toggles
        pl = panel(strip(coat, -.018, .047, .30, 1.115, 4, 20), coat, .0015, .0055)
        fig.add('oilskin_trim', pl, wt)
        for y in (.60, .715, .83, .945, 1.06):
            fig.add('button', place(coat, .0145, y, button(.0175, .008), off=.0075), wt)
            fig.add('button_eye', place(coat, .0145, y, lathe([(0, 0), (.0045, 0), (.0045, .0078), (0, .0078)], 8), off=.0075), wt)
        # pockets with flaps
        for sd, g in (('l', 1), ('r', -1)):
            P = strip(coat, g * .100, g * .195, .635, .755, 6, 6)
            fig.add('oilskin', panel(P, coat, .001, .0055), wt)
            P = strip(coat, g * .094, g * .200, .735, .785, 7, 4)
            fig.add('oilskin_trim', panel(P, coat, .004, .0075), wt)
            fig.add('button', place(coat, g * .146, .752, button(.0105, .005), off=.0115), wt)
        # storm collar
        nt, rows = 36, []
        for a in np.radians(np.linspace(16, 344, nt)):
            fr = 1 + .10 * math.exp(-((math.cos(a) - 1) / .25) ** 2)
            pr = [(.082, 1.130), (.089, 1.185), (.097, 1.200), (.108, 1.196), (.118, 1.176), (.150 * fr, 1.128 - .022 * (fr - 1) * 10), (.1455 * fr, 1.118 - .022 * (fr - 1) * 10), (.104, 1.158)]
            rows.append([v3(math.sin(a) * r_ * 1.04, y_ + .012 * (1 - math.cos(a)) * .5, math.cos(a) * r_ * .96 - .012) for r_, y_ in pr])
        P = np.array(rows).transpose(1, 0, 2)
        P = np.concatenate([P[:, :1].mean(0, keepdims=True) * np.ones((len(P), 1, 1)), P, P[:, -1:].mean(0, keepdims=True) * np.ones((len(P), 1, 1))], 1)
        fig.add('oilskin_trim', orient(grid_mesh(P, True, crease=50)), rig.torso)
        # scarf: two wraps and a hanging end
        fig.add('scarf', torus(.078, .027, 28, 8, 1.06, 1.0, .02, 1, (2, 10)).xf(t=(0, 1.190, .004)), lambda p: rig.torso(p))
        fig.add('scarf', torus(.084, .025, 32, 8, 1.04, 1.0, .025, 3, (2, 10)).xf(E(7, 0, 5), (0, 1.163, .014)), lambda p: rig.torso(p))
        nP = strip(coat, lambda y: -.082 - .10 * (1.13 - y) * .3, lambda y: -.024 - .10 * (1.13 - y) * .3, 1.135, .90, 5, 12)
        fig.add('scarf', panel(nP, coat, .006, .011, uv=np.stack(np.meshgrid(np.linspace(0, 1.2, 5), np.linspace(0, 5, 12), indexing='ij'), -1)), wt)
        for i in range(6):
            x_ = -.094 + .0115 * i
            a = ray(coat, (x_, .902, .4), (0, 0, -1), .7)
            fr = spline([a + v3(0, .004, .012), a + v3(0, -.012, .014), a + v3(.002 * (i % 2), -.034, .012)], 5)
            fig.add('scarf', orient(tube(fr, [.0042, .0046, .0046, .005, .002], 6)), wt)
        souwester(fig)
    else:
        # ---- knitted sweater
        keys = [(.655, .196, .182, .006), (.70, .214, .200, .010), (.80, .216, .202, .016), (.93, .205, .185, .014),
                (1.03, .192, .158, .002), (1.085, .168, .128, -.008), (1.13, .116, .098, -.010), (1.17, .082, .080, -.010)]
        dt = loft_sdf(keys, .012, lambda p, a: .003 * np.cos(9 * a) * sstep(.80, .70, p[..., 1]))
        al = arm_sdf(rig, .072, .058, .052, disp=.004)
        ar = mirror_f(al)
        sw = lambda p: smin(dt(p), np.minimum(al(p), ar(p)), .045)
        m = surface_nets(sw, axis(-.52, .52, .018), axis(.62, 1.20, .020), axis(-.30, .30, .018))
        da = {'l': al, 'r': ar}
        fig.add('knit_navy', knit_uv(m, rig, dt, da, 16, 13.), rig.garment(dt, da, .3, kneef=0))
        wt = lambda p: rig.torso(p, .3, 0)
        hem = ring_at(dt, .668, 56)
        fig.add('knit_rib', orient(tube(hem, .0135, 8, closed=True, up=(0, 1, 0), flat=2.1, uvs=(1, 30), crease=80)), wt)
        D = rig.d['l']
        c0 = norm(np.cross(D['w'], v3(0, 0, 1)))
        B = np.stack([c0, D['w'], np.cross(c0, D['w'])], 1)
        cuff = lathe([(.036, .012), (.054, .010), (.0575, 0), (.0575, -.036), (.053, -.046), (.045, -.047)], 22, crease=60, uvs=(20, 1))
        fig.both('knit_rib', orient(cuff).xf(B, D['wr']), lambda sd: lambda p: rig.arm(p, sd))
        fig.both('lining', ball(1, 14, 6).xf(B @ np.diag([.040, .006, .040]), D['wr'] + D['w'] * .006), lambda sd: lambda p: rig.arm(p, sd))
        # roll neck
        fig.add('knit_rib', torus(.076, .019, 36, 10, 1.05, 1., .0, 0, (2, 24)).xf(np.diag([1, 1.5, 1]), (0, 1.172, -.004)), lambda p: rig.torso(p))
        fig.add('knit_rib', torus(.071, .016, 36, 10, 1.05, 1., .0, 0, (2, 24)).xf(np.diag([1, 1.3, 1]), (0, 1.200, -.004)), lambda p: rig.torso(p))
    return fig


def souwester(fig):
    C = fig.rig.C
    n = 36
    a = np.arange(n) * 2 * PI / n
    ca, sa = np.cos(a), np.sin(a)
    back = sstep(.35, -.85, ca)
    front = sstep(.30, .95, ca)
    yb = .076 - .030 * back
    brim = .044 + .004 * front + .058 * back
    drop = -.026 + .040 * front - .052 * back

    def ring(k, y):
        return np.stack([sa * k[0], np.ones(n) * y, ca * k[1] - .010], 1)
    R0 = np.array([.121, .134])
    rows = []

    def add(off, y):
        off = off * np.ones(n)
        rows.append(np.stack([sa * (R0[0] + off), y * np.ones(n), ca * (R0[1] + off) - .010], 1))
    seam = .5 + .5 * np.cos(6 * a + PI)
    add(-.010, yb + .008)
    for u in (.0, .5, .9, 1.):
        add(brim * u, yb - .006 + drop * u ** 1.25)
    for u in (1.02, 1.0):
        add(brim * u, yb + .000 + drop * u + (.004 if u == 1.0 else -.001))
    for u in (.9, .5, .15):
        add(brim * u, yb + .005 + drop * u ** 1.25)
    add(.006, yb + .012)
    top = .176
    for u in np.linspace(.06, 1, 8):
        r = (1 - u ** 2.1) ** .62
        off = (R0.mean() * (r - 1)) * np.ones(n) - .004 * seam ** 4 * (1 - u) * 1.2 + .004
        rows.append(np.stack([sa * (R0[0] + off) , (yb + .012 + (top - yb) * u ** .95), ca * (R0[1] + off) - .010], 1))
    P = np.stack(rows, 1)
    P[:, -1] = P[:, -1].mean(0)
    T = lambda m: m.xf(E(-4), (0, .004, 0)).xf(t=C)
    fig.add('oilskin_trim', T(orient(grid_mesh(P, True, crease=60))), 'head')
    band = np.stack([sa * (R0[0] + .0055), yb + .022, ca * (R0[1] + .0055) - .010], 1)
    fig.add('oilskin_trim', T(orient(tube(band - v3(0, .006, 0), .0042, 6, closed=True, up=(0, 1, 0), crease=80))), 'head')
    for k in range(3):
        b = (k + .5) * PI / 3
        line = []
        for aa in (b, b + PI):
            seg = []
            for u in np.linspace(.1, .995, 9):
                r = (1 - u ** 2.1) ** .62
                off = R0.mean() * (r - 1) + .005
                cb = math.cos(aa)
                yy = .076 - .030 * float(sstep(.35, -.85, cb))
                seg.append(v3(math.sin(aa) * (R0[0] + off), yy + .012 + (top - yy) * u ** .95, cb * (R0[1] + off) - .010))
            line += seg if aa == b else seg[::-1]
        fig.add('oilskin_trim', T(orient(tube(np.array(line), .0036, 5))), 'head')
    fig.add('button', T(ball(.011, 12, 8, (0, top + .016, -.010), sy=.6)), 'head')


def ilya():
    fig = Fig(ILYA)
    rig, s, C = fig.rig, fig.s, fig.rig.C
    fig.head('skin_ilya')
    hf = fig.headf
    fig.hands('skin_ilya', s['la'] * .95 / s['hand'])
    brows(fig, 'brow_ilya', .056, .0082, 7, 3, arch=.006, yoff=.004)
    sk = s['skull']
    my, mw, sm = s['mouth']
    # ---- moustache: clumps from under the nose sweeping out and down
    g = rng(21)
    nt = s['nose']['tip']
    full = hf

    ms = []
    for i in range(8):
        u = i / 7
        x0 = .003 + .026 * u
        y0 = nt[1] - .029 - .002 * u + g.normal(0, .0012)
        a = ray(full, (x0, y0, .3), (0, 0, -1))
        b = ray(full, (x0 + .018 + .006 * u, y0 - .020 + .006 * u, .3), (0, 0, -1))
        c = ray(full, (x0 + .034 + .010 * u, y0 - .030 + .014 * u, .3), (0, 0, -1))
        d = c + v3(.010, -.004 + .012 * u, -.004)
        o = v3(0, 0, .006)
        pts = [a + o * .5, b + o * 1.5, c + o * 1.2, d + o * 1.]
        ms.append(orient(tube(spline(pts, 10), np.array([.55, .85, 1, 1.05, 1.05, 1, .9, .72, .48, .15])[::1] * .0098 * g.uniform(.88, 1.08), 6, crease=80)))
    fig.both('hair_ilya', join(ms).xf(t=C), lambda sd: rig.one('head'))
    # ---- hair: sides and back under the cap, sideburns
    def side(p):
        d = ell(p, v3(*sk[0]) + v3(0, -.004, -.006), v3(*sk[1]) + v3(.006, .0, .008))
        k = .55 * p[..., 1] - .84 * p[..., 2] - .012
        d = smax(d, -k, .010)
        d = smax(d, p[..., 1] - .075, .01)
        return smax(d, -.068 - p[..., 1] - .3 * p[..., 2] * 0, .012)
    m = surface_nets(side, axis(-.13, .13, .0125), axis(-.11, .10, .0125), axis(-.15, .08, .0125), ratio=.3)
    fig.add('hair_ilya', m.xf(t=C), 'head')
    full2 = lambda p: ell(p, v3(*sk[0]) + v3(0, -.004, -.006), v3(*sk[1]) + v3(.006, .0, .008))
    for i in range(14):
        a = math.radians(96 + (360 - 192) * i / 13)
        d = v3(math.sin(a) * (sk[1][0] + .006), 0, math.cos(a) * (sk[1][2] + .008))
        c0 = v3(*sk[0])
        bot = -.085 - .008 * math.cos(2 * a) + g.normal(0, .004) + (.025 if abs(math.sin(a)) > .9 else 0)
        pts = [c0 + d * .88 + v3(0, .055, 0), c0 + d * 1.0 + v3(0, .01, -.002), c0 + d * .97 + v3(0, (bot) * .6, -.004), c0 + d * .80 + v3(0, bot, -.006)]
        fig.add('hair_ilya', hair_tube(full2, pts, .0155 * g.uniform(.85, 1.1), .001, 7, 5, .55, .3, .6).xf(t=C), 'head')
    for k in range(3):
        pts = [v3(.093, .060, .024 - .012 * k), v3(.0965, .030, .026 - .010 * k), v3(.094, .000, .030 - .007 * k), v3(.088, -.030 - .008 * (2 - k), .036 - .006 * k)]
        fig.both('hair_ilya', hair_tube(full, pts, .0085, .001, 8, 6, .6, .2, .6).xf(t=C), lambda sd: rig.one('head'))
    # ---- glasses
    ex, ey, ez, er = s['eye']
    gz = ez + er + .014
    a = np.arange(28) * 2 * PI / 28
    rr = .0315
    cx = ex + .0015
    ringp = np.stack([cx + np.cos(a) * rr, ey - .002 + np.sin(a) * rr, gz - .010 * ((np.cos(a) * rr + cx) / .07) ** 2 * 1.2], 1)
    fig.both('steel', orient(tube(ringp, .0020, 5, closed=True, up=(0, 0, 1), crease=80)).xf(t=C), lambda sd: rig.one('head'))
    ed = ringp[0]
    fig.both('steel', orient(tube(spline([ed, ed + v3(.010, .003, -.014), v3(.101, ey + .008, .030), v3(.102, ey + .006, -.006), v3(.100, ey - .018, -.030)], 16), .0018, 6)).xf(t=C), lambda sd: rig.one('head'))
    br = np.array([v3(u * (cx - rr) * 1.02, ey + .003 + .006 * (1 - u * u), gz - .001 + .002 * (1 - u * u)) for u in np.linspace(-1, 1, 9)])
    fig.add('steel', orient(tube(br, .0021, 7)).xf(t=C), 'head')
    # ---- flat cap
    flatcap(fig)
    # ---- legs and shoes
    pants(fig, 'trousers_ilya', (.142, .125, .112), (.083, .064, .058), None, -.004)
    shoe(rig, .050, .052, .150, (.052, .060, .050, .044, .142), 'sole', 'shoe', fig)
    # ---- shirt
    keys = [(.93, .128, .100, 0), (1.02, .150, .116, .002), (1.12, .146, .114, .004), (1.25, .166, .124, .004), (1.36, .174, .124, -.002),
            (1.425, .158, .108, -.010), (1.468, .108, .084, -.012), (1.505, .070, .068, -.012)]
    dt = loft_sdf(keys, .012)
    al = arm_sdf(rig, .066, .056, 0, stop=.93, disp=.005)
    ar = mirror_f(al)
    da = {'l': al, 'r': ar}
    shirt = lambda p: smin(dt(p), np.minimum(al(p), ar(p)), .05)
    m = surface_nets(shirt, axis(-.46, .46, .018), axis(.90, 1.53, .022), axis(-.19, .19, .018), ratio=.30)
    fig.add('shirt', m, rig.garment(dt, da, .0))
    D = rig.d['l']
    c0 = norm(np.cross(D['u'], v3(0, 0, 1)))
    B = np.stack([c0, D['u'], np.cross(c0, D['u'])], 1)
    roll = lathe([(.040, .012), (.056, .018), (.0655, .006), (.066, -.012), (.063, -.020), (.067, -.026), (.066, -.046), (.059, -.052), (.052, -.050)], 24, crease=50)
    fig.both('shirt', orient(roll).xf(B, D['S'] + D['u'] * s['ua'] * .92), lambda sd: lambda p: rig.arm(p, sd))
    # shirt collar: two points
    for g_ in (1, -1):
        rows = []
        for u in np.linspace(0, 1, 14):
            a = math.radians(8 + 172 * u) * g_
            ext = 1 + .40 * math.exp(-(u / .16) ** 2)
            pr = [(.068, 1.480), (.0665, 1.520), (.072, 1.531), (.080, 1.524), (.086 + .022 * ext, 1.494 - .020 * ext), (.080 + .022 * ext, 1.488 - .020 * ext), (.074, 1.505)]
            rows.append([v3(math.sin(a) * r_, y_ + .006 * u, math.cos(a) * r_ * .97 - .010) for r_, y_ in pr])
        P = np.array(rows).transpose(1, 0, 2)
        P = np.concatenate([P[:, :1].mean(0, keepdims=True) * np.ones((len(P), 1, 1)), P, P[:, -1:].mean(0, keepdims=True) * np.ones((len(P), 1, 1))], 1)
        fig.add('shirt', orient(grid_mesh(P, True, crease=50)), rig.torso)
    # neckerchief
    fig.add('kerchief', torus(.0665, .015, 34, 9, 1.02, .98, .02, 2).xf(E(8), (0, 1.497, -.004)), rig.torso)
    fig.add('kerchief', ball(.018, 12, 8, (0, 1.476, .066)), rig.torso)
    for g_ in (1, -1):
        k = spline([v3(0, 1.474, .070), v3(g_ * .012, 1.452, .088), v3(g_ * .022, 1.425, .102)], 6)
        fig.add('kerchief', orient(tube(k, [.010, .013, .015, .016, .014, .003], 8, flat=.45, up=(0, .4, 1))), rig.torso)

    # ---- waistcoat (back and two fronts)
    wc_f = loft_sdf([(.90, .156, .126, 0), (1.02, .152, .119, .002)] + keys[2:], .012)
    def wc_panel(th0, th1, y0, y1, ny=16, nth=10, flip=False):
        P = np.zeros((nth, ny, 3))
        uv = np.zeros((nth, ny, 2))
        for j, y in enumerate(np.linspace(y0, y1, ny)):
            for i, u in enumerate(np.linspace(0, 1, nth)):
                a = math.radians(th0(y) * (1 - u) + th1(y) * u)
                d = v3(math.sin(a), 0, math.cos(a))
                P[i, j] = v3(0, y, -.004) + d * .11
                P[i, j] = ray(wc_f, v3(0, y, -.004) + d * .3, -d, .3, 100)
                uv[i, j] = (a * .5, y * 3)
        return panel(P, wc_f, .004, .008, uv=uv)
    arm_f = lambda y: 92 - 50 * float(sstep(1.24, 1.40, y)) - 4 * float(sstep(1.36, 1.46, y))
    vneck = lambda y: 3 + 34 * float(sstep(1.22, 1.47, y))
    vn = lambda y: min(vneck(y), arm_f(y) - 6)
    for g_ in (1, -1):
        fig.add('waistcoat', wc_panel(lambda y: g_ * vn(y), lambda y: g_ * arm_f(y), .935, 1.462), rig.torso)
    bk = lambda y: 88 + 42 * float(sstep(1.24, 1.40, y))
    fig.add('waistcoat', wc_panel(lambda y: bk(y), lambda y: 360 - bk(y), .935, 1.468, 16, 18), rig.torso)
    # ---- leather apron
    skirt_keys = [(.50, .170, .150, .010), (.70, .165, .140, .010), (.90, .160, .132, .006)] + [(k[0], k[1] + .012, k[2] + .012, k[3]) for k in keys[2:6]]
    sk_f = loft_sdf(skirt_keys, .012, lambda p, a: .006 * np.cos(9 * a) * sstep(.95, .6, p[..., 1]))
    W = lambda y: .092 + .045 * float(sstep(1.30, 1.12, y)) + .012 * float(sstep(1.0, .55, y))
    P = strip(sk_f, lambda y: -W(y), lambda y: W(y), .545, 1.325, 12, 26)
    uv = np.stack([P[..., 0] * 3, -P[..., 1] * 3], -1)
    wa = lambda p: rig.torso(p, .78, .30)
    fig.add('leather', panel(P, sk_f, .004, .0055, uv=uv), wa)
    P = strip(sk_f, -.060, .060, 1.12, 1.215, 6, 5)
    fig.add('leather_dark', panel(P, sk_f, .0098, .004, uv=np.stack([P[..., 0] * 3, -P[..., 1] * 3], -1)), wa)
    for g_ in (1, -1):
        P = strip(sk_f, g_ * .030, g_ * .132, .80, .93, 6, 6)
        fig.add('leather_dark', panel(P, sk_f, .0098, .004, uv=np.stack([P[..., 0] * 3, -P[..., 1] * 3], -1)), wa)
    # belt of the apron, neck strap
    belt = ring_at(lambda p: np.minimum(sk_f(p), dt(p)), 1.09, 44)
    c = belt.mean(0)
    belt = c + (belt - c) * 1.075
    fig.add('leather_dark', orient(tube(belt, .0075, 6, closed=True, up=(0, 1, 0), flat=2.2, crease=60, uvs=(.1, 4))), rig.torso)
    fig.add('brass_c', place(sk_f, .0, 1.09, box((0, 0, 0), (.034, .006, .040), .002), off=.026), rig.torso)
    for g_ in (1, -1):
        pts = [v3(g_ * .082, 1.318, .15), v3(g_ * .085, 1.40, .135), v3(g_ * .088, 1.440, .075), v3(g_ * .112, 1.458, -.005), v3(g_ * .078, 1.452, -.078), v3(0, 1.446, -.105)]
        path = spline(pts, 18)
        path = project(shirt, path, .0165, 6, .004)
        up = norm(grad(shirt, path, .006))
        fig.add('leather_dark', orient(tube(path, .014, 8, flat=.22, up=up, uvs=(.1, 2))), rig.torso)
        fig.add('brass_c', place(sk_f, g_ * .080, 1.305, lathe([(0, 0), (.010, 0), (.010, .003), (.006, .006), (0, .006)], 12), off=.012), rig.torso)
    # tools in the bib pocket
    for x_, h_, r_, mt in ((-.030, .060, .0055, 'wood_c'), (-.008, .075, .0045, 'brass_c'), (.022, .055, .006, 'wood_c')):
        p = ray(sk_f, (x_, 1.21, .4), (0, 0, -1), .7)
        fig.add(mt, orient(tube([p + v3(0, -.04, .012), p + v3(0, h_ * .5, .013), p + v3(0, h_, .012)], r_, 8)), wa)
    return fig


def flatcap(fig):
    C = fig.rig.C

    def f(p):
        q = (p - v3(0, .106, -.006)) @ E(-4)
        x, y, z = q[..., 0], q[..., 1], q[..., 2]
        d = ell(q, (0, -.004, -.012), (.112, .056, .124))
        d = smin(d, ell(q, (0, -.010, .055), (.086, .034, .078)), .03)
        d = smax(d, -.033 - y, .010)
        a = np.arctan2(x, z)
        return d - .0022 * np.cos(8 * a) * sstep(.03, .09, np.hypot(x, z)) * sstep(.035, -.01, y)
    m = surface_nets(f, axis(-.14, .14, .0125), axis(.03, .19, .011), axis(-.17, .17, .0125), ratio=.4)
    m.uv = np.stack([m.v[:, 0] * 9, m.v[:, 2] * 9], -1)[m.t]
    fig.add('tweed', m.xf(t=C), 'head')
    # peak
    nu, nv = 17, 7
    P = np.zeros((nu, nv, 3))
    for i, u in enumerate(np.linspace(-1, 1, nu)):
        for j, v in enumerate(np.linspace(0, 1, nv)):
            r0 = .098 * math.sqrt(max(0, 1 - (u * .80) ** 2))
            z = -.010 + r0 + v * .052 * (1 - u * u) ** .55
            P[i, j] = (u * .088, .0860 - .014 * v - .012 * u * u + .004 * math.sin(PI * v), z)
    top = grid_mesh(P, crease=60)
    B = P - v3(0, .0075, 0)
    ed = lambda X: np.concatenate([X[:-1, 0], X[-1, :-1], X[:0:-1, -1], X[0, :0:-1]])
    rim = np.stack([ed(P), (ed(P) + ed(B)) / 2 + norm(ed(P) - P.mean((0, 1))) * .003, ed(B)], 1)
    peak = [top, grid_mesh(B, flip=True, crease=60), grid_mesh(rim, True, crease=60)]
    if top.fn()[:, 1].sum() < 0:
        peak[0].t, peak[1].t = peak[0].t[:, ::-1].copy(), peak[1].t[:, ::-1].copy()
    r = peak[2]
    if (r.fn() * (r.v[r.t].mean(1) - P.mean((0, 1)))).sum() < 0:
        r.t = r.t[:, ::-1].copy()
    pk = join(peak)
    pk.uv = np.stack([pk.v[:, 0] * 9, pk.v[:, 2] * 9], -1)[pk.t]
    fig.add('tweed', pk.xf(t=C), 'head')
    fig.add('tweed', ball(.009, 10, 6, (0, .157, -.016), sy=.5).xf(t=C), 'head')

# =============================================================== textures and materials

def face_tex(base, blush, lips, s, lines, freck):
    def make():
        n = 256
        x = ((np.arange(n) + .5) / n - .5) * .30
        y = (1 - (np.arange(n) + .5) / n - .55) * .36
        X, Y = np.meshgrid(x, y)
        A = np.abs(X)
        img = np.ones((n, n, 3)) * rgb(base)

        def blend(mask, col, k):
            nonlocal img
            m = np.clip(mask * k, 0, 1)[..., None]
            img = img * (1 - m) + rgb(col) * m
        ex, ey, ez, er = s['eye']
        g = lambda cx, cy, sx, sy, ax=A: np.exp(-((ax - cx) / sx) ** 2 - ((Y - cy) / sy) ** 2)
        blend(g(s['cheek'][0][0] * 1.05, s['cheek'][0][1] + .004, .030, .024), blush, .55)
        nt = s['nose']['tip']
        blend(g(0, nt[1] - .004, .024, .020), blush, .62)
        blend(g(.125, -.01, .02, .04), blush, .5)
        blend(g(0, s['chin'][0][1], .03, .02), blush, .22)
        blend(g(ex, ey, er * 1.25, er * 1.2), '#8a4a3e', .30)
        blend(g(ex, ey + er * .85, er * 1.1, er * .45), '#9a5a48', .28)
        blend(g(ex * .9, ey - er * 1.35, er * .8, er * .3), '#8f5a55', .20)
        my, mw, sm = s['mouth']
        yc = my + sm * (A / mw) ** 2
        lw = s['lip'] * 1.75 * np.sqrt(np.clip(1.08 - (A / mw) ** 2, 0, 1))
        blend(np.clip((lw - np.abs(Y - yc)) / .003 + .5, 0, 1) * (A < mw * 1.04), lips, .62)
        if lines:
            def line(pts, w, k):
                p = spline(pts, 40)
                d = np.min(np.hypot(A[..., None] - p[:, 0], Y[..., None] - p[:, 1]), -1)
                blend(np.exp(-(d / w) ** 2), '#8a4f40', k)
            for i in range(3):
                line([(0, ey + .073 + i * .013), (.03, ey + .075 + i * .013), (.058, ey + .069 + i * .012)], .0013, .28)
            for i in range(3):
                a = math.radians(22 - 24 * i)
                c = np.array([ex + er * 1.45, ey - .002])
                line([c, c + .010 * np.array([math.cos(a), math.sin(a)]), c + .019 * np.array([math.cos(a * 1.25), math.sin(a * 1.25)])], .0011, .35)
            line([(nt[0] + .026, nt[1] - .008), (.040, nt[1] - .026), (.048, my - .002)], .0018, .38)
        if freck:
            r = rng(8)
            for i in range(60):
                cx, cy = r.normal(s['cheek'][0][0] * .8, .020), r.normal(s['cheek'][0][1] + .018, .012)
                sg = 1 if r.random() < .5 else -1
                blend(np.exp(-((X - sg * cx) ** 2 + (Y - cy) ** 2) / .0011 ** 2), '#a8674b', .35)
        img[-10:, :12] = rgb(base) * .97 + rgb(blush) * .03
        return poster(img, 3)
    return make


def eye_tex(i0, i1, i2):
    def make():
        n = 256
        c = (np.arange(n) + .5) / n * 2 - 1
        X, Y = np.meshgrid(c, c)
        r = np.hypot(X, Y) / .98 * 1.6                 # radians from the pupil
        a = np.arctan2(Y, X)
        img = np.ones((n, n, 3)) * rgb('#f3ece2')
        ed = np.clip((r - .75) / .8, 0, 1)[..., None]
        img = img * (1 - ed * .35) + rgb('#d9a595') * ed * .35
        R, P = .50, .235
        fib = .5 + .5 * np.sin(a * 23 + 2.0 * np.sin(a * 7) + 3 * np.sin(a * 3))
        t = np.clip((r - P) / (R - P), 0, 1)[..., None]
        iris = rgb(i0) * (1 - t) + rgb(i1) * t
        iris = iris * (.86 + .24 * fib[..., None] * (1 - t * .6))
        iris = iris * (1 - np.clip((t - .72) / .28, 0, 1) * .62)
        iris = iris * (1.08 - .42 * np.clip(-Y / .30, 0, 1)[..., None])     # the lid's shade on top
        m = np.clip((R - r) / .022 + .5, 0, 1)[..., None]
        img = img * (1 - m) + iris * m
        m = np.clip((P - r) / .022 + .5, 0, 1)[..., None]
        img = img * (1 - m) + rgb('#0b0908') * m
        for cx, cy, rr, k in ((-.115, -.125, .062, .96), (.10, .11, .030, .55)):
            m = np.clip((rr - np.hypot(X - cx, Y - cy)) / .02 + .5, 0, 1)[..., None] * k
            img = img * (1 - m) + 255 * m
        return poster(img, 2)
    return make


def knit_h(n, cols=4, rows=6):
    y, x = np.meshgrid(np.arange(n) / n * rows, np.arange(n) / n * cols, indexing='ij')
    u = x % 1
    s = np.abs(u - .5) * 2                 # v-shaped stitches
    v = (y + s * .55) % 1
    a = 1 - np.abs(v - .5) * 2
    b = np.sin(np.clip(s, 0, 1) * PI) ** .6
    return np.sqrt(np.clip(a, 0, 1)) * (.35 + .65 * b)


def hair_h(n=64):
    """Strands run along v (rows), u goes around a lock."""
    x = np.arange(n) / n
    h = .5 + .28 * np.sin(2 * PI * 7 * x + 1) + .22 * np.sin(2 * PI * 12 * x)
    y = np.arange(n)[:, None] / n
    return np.clip(h[None] * (.85 + .15 * np.sin(2 * PI * (y + x[None] * 3))) , 0, 1)


def rib_h(n):
    x = np.arange(n) / n
    return np.ones((n, 1)) * np.abs(np.sin(x * PI * 2))[None] ** .7 + .0


TEX.update({
    'face_mara': face_tex('#d99b7c', '#c9614f', '#a9483f', MARA, True, True),
    'face_ilya': face_tex('#cf9273', '#b9604c', '#94493f', ILYA, True, False),
    'iris_mara': eye_tex('#8fc3cf', '#2f6a86', '#183a4c'),
    'iris_ilya': eye_tex('#b5793c', '#5c3517', '#2a170a'),
    'knit_n': lambda: normal_from(knit_h(128), 5.5, 6),
    'rib_n': lambda: normal_from(rib_h(32), 2.6, 6),
    'hair_n': lambda: normal_from(hair_h(), 2.4, 6),
    'hair_b': lambda: np.repeat(poster(150 + 100 * hair_h()[..., None], 6), 3, -1),
    'oil_n': lambda: normal_from(fbm(128, 128, 4, 4, 5, 3, .5), 6, 4),
    'oil_mr': lambda: mr(.30 + .26 * fbm(128, 128, 5, 5, 6, 3), 8),
    'leather_n': lambda: normal_from(fbm(128, 128, 14, 14, 31, 3, .7), 2.2, 10),
    'leather_b': lambda: poster(rgb('#5b3620') + (fbm(128, 128, 3, 3, 33, 4, .5)[..., None] - .5) * rgb('#8a5a34') * .40, 6),
    'tweed_b': lambda: poster(np.where((((np.add.outer(np.arange(64), np.arange(64)) // 4) % 2) ^ ((np.subtract.outer(np.arange(64), np.arange(64)) // 4) % 2))[..., None], rgb('#5d5648'), rgb('#4a4539'))
                              + (fbm(64, 64, 32, 32, 3, 1)[..., None] - .5) * 30, 6),
    'cloth_n': lambda: normal_from(.5 + .25 * np.sin(np.arange(64) * PI / 2)[:, None] + .25 * np.sin(np.arange(64) * PI / 2)[None], 1.2, 6),
    'pier_b': wood_tex('#4f4a45', '#a39b8f', '#6f7468', 100),
    'pier_n': wood_nrm(100, 256, 3.2),
    'pier_mr': wood_mr(100, .92, .62),
    'warm_b': wood_tex('#4a2c18', '#a5713f', '#7a4a26', 200),
    'warm_s_b': wood_tex('#4a2c18', '#a5713f', '#7a4a26', 200, 128),
    'warm_s_n': wood_nrm(200, 128, 1.6),
    'warm_s_mr': wood_mr(200, .72, .48, 64),
    'warm_n': wood_nrm(200, 256, 2.2),
    'warm_mr': wood_mr(200, .72, .48),
})

MATS.update({
    'skin_mara': dict(tex='face_mara', r=.52),
    'skin_ilya': dict(tex='face_ilya', r=.54),
    'nail': dict(c='#dba590', r=.35),
    'mouth': dict(c='#571f20', r=.6),
    'teeth': dict(c='#ece2cf', r=.3),
    'tongue': dict(c='#a84a4a', r=.45),
    'eye_mara': dict(tex='iris_mara', r=.08),
    'eye_ilya': dict(tex='iris_ilya', r=.08),
    'lash': dict(c='#2a1d18', r=.7),
    'hair_mara': dict(c='#c4c1bb', tex='hair_b', nrm='hair_n', r=.5),
    'brow_ilya': dict(c='#43321f', r=.7),
    'brow_mara': dict(c='#8d8984', r=.7),
    'hair_ilya': dict(c='#6a503c', tex='hair_b', nrm='hair_n', r=.5),
    'trousers_mara': dict(c='#3a3f47', r=.88),
    'trousers_ilya': dict(c='#3f3a36', r=.88),
    'boot': dict(c='#1d2326', r=.32),
    'sole': dict(c='#2b2521', r=.8),
    'shoe': dict(c='#3d2617', r=.42),
    'oilskin': dict(c='#d9a21b', nrm='oil_n', ns=.6, mr='oil_mr', r=1.),
    'oilskin_trim': dict(c='#cf9515', r=.40),
    'lining': dict(c='#4a3a1c', r=.85, two=True),
    'knit_navy': dict(c='#2a3c5a', nrm='knit_n', r=.9),
    'knit_rib': dict(c='#24344f', nrm='rib_n', r=.9),
    'scarf': dict(c='#9a3a2c', nrm='rib_n', r=.92),
    'button': dict(c='#4a2f1c', r=.35),
    'button_eye': dict(c='#d8c9a4', r=.6),
    'shirt': dict(c='#ddd3bf', r=.82),
    'waistcoat': dict(c='#2f3440', r=.8, nrm='cloth_n', ns=.5),
    'kerchief': dict(c='#8a2f2b', r=.8),
    'leather': dict(tex='leather_b', nrm='leather_n', ns=.35, r=.50, two=True),
    'leather_dark': dict(c='#3c2415', nrm='leather_n', ns=.35, r=.46),
    'tweed': dict(tex='tweed_b', r=.92, two=True),
    'steel': dict(c='#b9a36b', m=1., r=.28),
    'brass_c': dict(c='#c69a4a', m=1., r=.32),
    'wood_c': dict(c='#8a5a30', r=.6),
})

# =============================================================== props

def lantern_geo(P, lit, detail=1.):
    lo = detail < .9
    ts, tk = (5, 8) if lo else (8, 16)
    n = int(26 * detail)
    br, gl = 'brass', 'glass'
    base = [(0, 0), (.072, 0), (.078, .006), (.078, .014), (.070, .022), (.076, .030), (.077, .060), (.068, .076),
            (.045, .082), (.036, .094), (.040, .100), (.052, .104), (.052, .110), (.0, .110)]
    if lo:
        base = [base[i] for i in (1, 3, 4, 6, 8, 9, 12, 13)]
    P.add(br, lathe(base, n, crease=60 if lo else 38))
    P.add('brass_dark', lathe([(.010, .108), (.026, .110), (.024, .126), (.012, .134), (0, .134)], 16, crease=40))
    glass = [(.034, .110), (.046, .124), (.054, .150), (.054, .172), (.046, .200), (.036, .216)]
    P.add(gl, lathe(glass, n, crease=80))
    top = [(0, .212), (.040, .212), (.046, .216), (.046, .222), (.036, .228), (.034, .246), (.050, .250), (.052, .256),
           (.034, .272), (.026, .276), (.026, .290), (.034, .293), (.030, .303), (.012, .310), (0, .311)]
    if lo:
        top = [top[i] for i in (1, 3, 4, 5, 7, 8, 10, 11, 14)]
    P.add(br, lathe(top, n, crease=60 if lo else 38))
    for i in range(4):                                           # guard wires
        a = i * PI / 2 + PI / 4
        pts = [v3(math.sin(a) * r, y, math.cos(a) * r) for r, y in ((.050, .106), (.062, .130), (.065, .162), (.060, .190), (.046, .218))]
        P.add('brass_dark', orient(tube(spline(pts, 6 if lo else 9), .0022, 4 if lo else 5)))
    P.add('brass_dark', torus(.0655, .0022, 14 if lo else 26, 4 if lo else 5).xf(t=(0, .160, 0)))
    for g in (1, -1):                                            # side tubes and bail
        pts = [v3(g * .074, .045, 0), v3(g * .092, .062, 0), v3(g * .094, .150, 0), v3(g * .090, .228, 0), v3(g * .070, .252, 0), v3(g * .046, .252, 0)]
        P.add(br, orient(tube(spline(pts, tk), .0068, ts)))
        P.add('brass_dark', lathe([(0, -.008), (.008, -.008), (.010, 0), (.008, .008), (0, .008)], 10).xf(E(0, 0, 90), (g * .096, .218, 0)))
    nb = 9 if lo else 19
    a = np.linspace(-PI / 2, PI / 2, nb)
    P.add('brass_dark', orient(tube(np.stack([np.sin(a) * .1, .218 + np.cos(a) * .132, np.zeros(nb)], 1), .0028, 4 if lo else 6)))
    P.add('wood_handle', lathe([(.0028, -.030), (.008, -.028), (.0095, 0), (.008, .028), (.0028, .030)], 10).xf(E(0, 0, 90), (0, .350, 0)))
    if not lo:
        P.add(br, lathe([(0, 0), (.010, 0), (.010, .004), (.004, .006), (.004, .016), (.011, .018), (.011, .022), (0, .022)], 12).xf(E(90), (0, .046, .074)))
    if lit:
        fl = [(0, .130), (.009, .134), (.0145, .147), (.0125, .163), (.0065, .182), (.002, .196), (0, .200)]
        P.add('flame', lathe(fl, 14, crease=80))
        P.add('flame_core', lathe([(0, .131), (.0065, .136), (.0085, .146), (.005, .158), (0, .168)], 12, crease=80).xf(t=(0, 0, .008)))
    else:
        P.add('wick', lathe([(.0, .130), (.005, .130), (.0045, .142), (0, .143)], 8))
    return P


def crate_geo(P, c, size, rotY=0., mat='crate', seed=0, nails=True, pitch=.13):
    """Slatted crate standing on c."""
    g = rng(seed)
    w, h, d = size
    R = E(0, rotY)
    at = lambda m: m.xf(R, c)
    t = .02
    uvo = lambda: (g.random(), g.random())
    P.add('dark', at(box((0, h / 2, 0), (w - 3.4 * t, h - 3 * t, d - 3.4 * t), 0)))
    n = max(2, int(round(h / pitch)))
    sl = h / n
    for i in range(n):
        y = sl * (i + .5)
        for sg in (1, -1):
            j = lambda: g.normal(0, .0015)
            P.add(mat, at(box((0, y, sg * (d / 2 - t * 1.5 + j())), (w - 2 * t, sl - .009, t), .003, E(0, 0, g.normal(0, .25)), uvs=.9, uvo=uvo())))
            P.add(mat, at(box((sg * (w / 2 - t * 1.5 + j()), y, 0), (t, sl - .009, d - 2 * t), .003, E(g.normal(0, .25)), uvs=.9, uvo=uvo())))
    n = max(3, int(round(w / pitch)))
    sl = (w - 2 * t) / n
    for i in range(n):
        P.add(mat, at(box((-w / 2 + t + sl * (i + .5), h - t / 2 + g.normal(0, .001), 0), (sl - .009, t, d - 2 * t), .003, uvs=.9, uvo=uvo())))
    for sx in (1, -1):
        for sz in (1, -1):
            P.add(mat, at(box((sx * (w / 2 - .035), h / 2, sz * (d / 2 - t * .5)), (.07, h, t), .003, uvs=.9, uvo=uvo())))
            P.add(mat, at(box((sx * (w / 2 - t * .5), h / 2, sz * (d / 2 - .045)), (t, h, .05), .003, uvs=.9, uvo=uvo())))
    for sz in (1, -1):
        for y in (.035, h - .035):
            P.add(mat, at(box((0, y, sz * (d / 2 - t * .5)), (w - .14, .065, t), .003, uvs=.9, uvo=uvo())))
        L = math.hypot(w - .14, h - .14)
        P.add(mat, at(box((0, h / 2, sz * (d / 2 - t * .7)), (L, .06, t), .003, E(0, 0, sz * math.degrees(math.atan2(h - .14, w - .14))), uvs=.9, uvo=uvo())))
        if nails:
            for sx in (1, -1):
                for y in (.03, .06, h - .03, h - .06):
                    P.add('iron', at(lathe([(.006, 0), (.004, .002), (0, .0025)], 6).xf(E(90 * sz), (sx * (w / 2 - .035), y, sz * d / 2))))
    return P


def stool_geo(P, c=(0, 0, 0), h=.48, rotY=0., mat='warm_s'):
    at = lambda m: m.xf(E(0, rotY), c)
    seat = lathe([(0, h - .038), (.150, h - .038), (.168, h - .028), (.172, h - .014), (.164, h - .002), (.150, h), (.08, h - .007), (0, h - .009)], 26, crease=50)
    seat.uv = np.stack([seat.v[seat.t][..., 0] * 1.2, seat.v[seat.t][..., 2] * 1.2], -1)
    P.add(mat, at(seat))
    for i in range(4):
        a = PI / 4 + i * PI / 2
        d = v3(math.sin(a), 0, math.cos(a))
        top, bot = d * .095 + v3(0, h - .03, 0), d * .185
        k = np.linspace(0, 1, 9)
        r = np.array([.018, .016, .020, .022, .022, .019, .021, .018, .014])
        leg = orient(tube(top[None] * (1 - k[:, None]) + bot[None] * k[:, None], r, 9, uvs=(.15, .5)))
        leg.uv = leg.uv[..., ::-1].copy()
        P.add(mat, at(leg))
        a2 = a + PI / 2
        y = .16 if i % 2 else .20
        q = lambda aa: v3(math.sin(aa), 0, math.cos(aa)) * (.095 + .09 * (1 - y / (h - .03))) + v3(0, y, 0)
        m = orient(tube(np.linspace(q(a), q(a2), 5), [.009, .011, .0125, .011, .009], 7, uvs=(.1, .4)))
        m.uv = m.uv[..., ::-1].copy()
        P.add(mat, at(m))
    return P


def barrel_geo(P, c, h=.85, r=.30, mat='pier', tilt=None):
    n = 20
    ys = np.linspace(0, 1, 9)
    prof = [(r * .80 * .96, .03)] + [(r * (.82 + .18 * math.sin(PI * y)), h * y) for y in ys] + [(r * .78, h), (r * .78, h - .03), (0, h - .03)]
    m = lathe(prof, n, crease=50)
    m.uv = np.stack([m.uv[..., 1] * 1.1, m.uv[..., 0] * 2.2], -1)
    T = lambda q: q.xf(tilt, c)
    P.add(mat, T(m))
    for y in (.06, .20, .80, .94):
        rr = r * (.82 + .18 * math.sin(PI * y)) + .004
        P.add('iron', T(lathe([(rr - .006, h * y - .022), (rr, h * y - .022), (rr, h * y + .022), (rr - .006, h * y + .022)], n, crease=50)))


def plank(x0, x1, z, w, th=.045, top=0., bev=.006, uvo=(0, 0), uvs=.9, along='x', jit=(0, 0)):
    """Board with a rounded top, ends open."""
    prof = [(-w / 2, top - th), (-w / 2, top - bev), (-w / 2 + bev, top), (w / 2 - bev, top), (w / 2, top - bev), (w / 2, top - th)]
    L = [0, .03, .04, .04 + w, .05 + w, .08 + w]
    P = np.array([[(x, y + (jit[0] if i == 0 else jit[1]), z + q) for q, y in prof] for i, x in enumerate((x0, x1))])
    uv = np.array([[(x * uvs + uvo[0], l * uvs + uvo[1]) for l in L] for x in (x0, x1)])
    m = grid_mesh(P, False, uv, crease=80)
    if m.fn()[:, 1].sum() < 0:
        m.t, m.uv = m.t[:, ::-1].copy(), m.uv[:, ::-1].copy()
    if along == 'z':
        m = m.xf(np.array([[0, 0, 1.], [0, 1, 0], [-1., 0, 0]]))
    return m


def rope(pts, r=.018, n=24, sides=7):
    p = spline(pts, n) if len(pts) < n else np.asarray(pts)
    L = np.linalg.norm(np.diff(p, axis=0), axis=1).sum()
    return orient(tube(p, r, sides, uvs=(1, L / .16), crease=80))


def sag(a, b, drop, n=10):
    u = np.linspace(0, 1, n)[:, None]
    return np.asarray(a) * (1 - u) + np.asarray(b) * u - v3(0, 1, 0) * drop * 4 * u * (1 - u)


def rowboat(P, T):
    ns, nk = 17, 13
    L = 3.4
    u = np.linspace(0, 1, ns)

    def half(uu):
        return .66 * (np.sin(PI * (uu * .80 + .14)) ** .75)
    beam = np.array([half(x) for x in u])
    beam[-1] = .02
    beam[-2] *= .72
    beam[-3] *= .93
    sheer = .44 + .22 * (2 * (u - .42)) ** 2
    keel = -.10 + .20 * np.clip((u - .80) / .20, 0, 1) ** 2 + .04 * np.clip((.12 - u) / .12, 0, 1)
    zz = (u - .5) * L

    def shell(ins):
        rows = []
        for i in range(ns):
            row = []
            for k in np.linspace(-1, 1, nk * 2 - 1):
                s = abs(k)
                b = max(beam[i] - ins, .004)
                x = b * (s ** .62) * (1 if k > 0 else -1)
                y = keel[i] + ins * .8 + (sheer[i] - keel[i] - ins * .8) * (s ** 2.3 * .85 + s * .15)
                st = (s * 5) % 1
                if ins == 0:
                    x += (1 if k > 0 else -1) * .012 * st * (s > .02)
                row.append((x, y, zz[i] * (1 - ins * .012)))
            rows.append(row)
        return np.array(rows)
    A, B = shell(0.), shell(.03)
    uvA = np.stack([np.repeat(u[:, None] * L * .9, A.shape[1], 1), np.repeat(np.linspace(0, 1.6, A.shape[1])[None], ns, 0)], -1)
    out, inn = grid_mesh(A, uv=uvA, crease=40), grid_mesh(B, uv=uvA, flip=True, crease=60)
    if (out.fn() * (out.v[out.t].mean(1) - v3(0, .6, 0))).sum() < 0:
        for m in (out, inn):
            m.t, m.uv = m.t[:, ::-1].copy(), m.uv[:, ::-1].copy()
    P.add('boat_out', T(out))
    P.add('pier', T(inn))
    # gunwales, transom, thwarts, oars
    for s in (0, -1):
        edge = (A[:, s] + B[:, s]) / 2
        P.add('boat_trim', T(orient(tube(edge, .028, 7, flat=.8, crease=60))))
    tr = A[0]
    c = tr.mean(0)
    fan = Mesh(np.concatenate([tr, [c]]), [[i, i + 1, len(tr)] for i in range(len(tr) - 1)], None, None)
    P.add('boat_out', T(fan), T(Mesh(fan.v + v3(0, 0, .03), fan.t[:, ::-1])))
    P.add('boat_trim', T(box((0, sheer[0] - .01, zz[0] + .01), (beam[0] * 1.96, .05, .05), .008)))
    for z, w in ((-1.05, .98), (-.10, 1.12), (.80, .86)):
        P.add('warm_s', T(box((0, .26, z), (w, .035, .24), .006, uvs=.9, uvo=(z, .3))))
    for g in (1, -1):
        o = [v3(g * .34, .44, -1.25), v3(g * .22, .36, 1.1)]
        P.add('warm_s', T(orient(tube(np.linspace(o[0], o[1], 4), .020, 7, uvs=(.1, 1)))))
        P.add('warm_s', T(box(o[0] - v3(0, 0, .22), (.13, .018, .46), .006)))


def pier():
    P = Parts()
    g = rng(7)
    uvo = lambda: (g.random() * 4, g.random() * 4)
    z, pitch = -16., .187
    tints = ['pier', 'pier_b', 'pier_c']
    while z < 8.:
        w = pitch - .012 - g.random() * .006
        mat = tints[int(g.choice(3, p=[.5, .28, .22]))]
        j = lambda: g.normal(0, .0022)
        if z > -8:
            cut = g.uniform(-1.4, 1.4)
            P.add(mat, plank(-3 - g.random() * .04, cut - .004, z, w, uvo=uvo(), jit=(j(), j())))
            P.add(tints[int(g.choice(3, p=[.5, .28, .22]))], plank(cut + .004, 3 + g.random() * .04, z, w, uvo=uvo(), jit=(j(), j())))
        else:
            P.add(mat, plank(-3 - g.random() * .05, 3 + g.random() * .05, z, w, uvo=uvo(), jit=(j(), j())))
        z += pitch
    # understructure
    P.add('under', box((0, -.075, -4), (5.9, .04, 23.9), 0))
    for x in (-2.96, 2.96):
        P.add('pier_c', box((x, -.16, -4), (.09, .22, 24.05), .01, uvs=.9))
    for x in (-2.2, 0, 2.2):
        P.add('pier_c', box((x, -.22, -4), (.16, .26, 23.8), .01, uvs=.9))
    posts, ph = [], 0.
    post = Parts()
    m = lathe([(.125, -4.1), (.120, -.03), (.105, 0), (0, .012)], 12, crease=45)
    m.uv = np.stack([m.uv[..., 1] * 3.4, m.uv[..., 0] * .9], -1)
    post.add('pier_c', m)
    post.add('rope', *[torus(.128 + .004 * (k % 2), .016, 14, 6, uvs=(1, 6)).xf(E(3 * (-1) ** k), (0, -.16 - .03 * k, 0)) for k in range(2)])
    zp = [-15.6, -11.6, -7.6, -3.6, .4, 4.4, 7.7]
    for x in (-3.10, 3.10):
        for i, zz in enumerate(zp):
            h = .78 + g.normal(0, .05)
            a = g.uniform(0, 6)
            posts.append(((x, h, zz), E(g.normal(0, .8), a * 57, g.normal(0, .8)), 1))
            if i:
                a0, b0 = v3(x, ph - .17, zp[i - 1] + .12), v3(x, h - .17, zz - .12)
                P.add('rope', rope(sag(a0, b0, .22, 9), .017, 9, sides=5))
            ph = h
    # bollards
    bol = [(0, 0), (.17, 0), (.175, .02), (.14, .04), (.10, .09), (.088, .26), (.10, .33), (.145, .37), (.15, .41), (.11, .45), (0, .465)]
    bp = Parts().add('iron', lathe(bol, 18, crease=50))
    bols = [((x, 0, zz), None, 1) for x, zz in ((-2.55, -3.2), (2.55, -5.6), (-2.55, -9.5), (2.55, -12.))]
    P.add('rope', *[torus(.105 + .004 * k, .017, 20, 6, uvs=(1, 8)).xf(E(2 * k, 0, 3), (-2.55, .16 + .032 * k, -3.2)) for k in range(3)])
    P.add('rope', rope([v3(-2.46, .16, -3.2), v3(-2.62, .03, -3.6), v3(-2.9, .02, -3.8), v3(-3.06, -.1, -3.9), v3(-3.2, -.9, -4.2)], .017, 14))
    # rope coil
    pts = []
    for k in np.linspace(0, 5.6 * 2 * PI, 84):
        t = k / (5.6 * 2 * PI)
        lay = int(t * 2.999)
        rr = .31 - .042 * ((t * 3) % 1) * 1.2 - .01 * lay
        pts.append((1.95 + math.sin(k) * rr, .024 + .040 * t * 3, -2.75 + math.cos(k) * rr))
    P.add('rope', rope(pts, .021, 84, sides=5))
    P.add('rope', rope([v3(*pts[0]), v3(2.0, .022, -2.30), v3(2.35, .022, -2.15), v3(2.5, .022, -2.4)], .021, 12, sides=6))
    # crates and barrels
    cp, bar = crate_geo(Parts(), (0, 0, 0), (.56, .52, .56), 0, 'pier', 1, False, .15), Parts()
    crates = [((-2.16, 0, -.62), E(0, 9), 1), ((-2.35, 0, -2.15), E(0, 84), 1.2), ((-2.28, .624, -2.20), E(0, 194), .92), ((-1.58, 0, -2.66), E(0, 118), 1)]
    barrel_geo(bar, (0, 0, 0), mat='pier_c')
    barrels = [((2.42, 0, -1.72), None, 1), ((2.50, 0, -3.55), E(0, 70), .94), ((2.30, .283, -4.35), E(90, 62, 0), .94)]
    # lobster pot on a crate
    for k in range(4):
        a = np.linspace(0, PI, 9)
        P.add('warm_s', orient(tube(np.stack([-1.58 + np.cos(a) * .19, .52 + np.sin(a) * .24, np.full(9, -2.86 + .135 * k)], 1), .010, 5)))
    for k in range(7):
        a = PI * k / 6
        P.add('warm_s', box((-1.58 + math.cos(a) * .195, .525 + math.sin(a) * .245, -2.66), (.022, .008, .46), .002, E(0, 0, math.degrees(a) + 90)))
    # life ring and lamp post
    lp = v3(-2.55, 0, -4.9)
    at = lambda m: m.xf(t=lp)
    P.add('iron', at(lathe([(0, 0), (.15, 0), (.155, .03), (.12, .06), (.11, .30), (.075, .36), (.062, .42), (.055, 1.6), (.070, 1.63), (.070, 1.68), (.050, 1.72),
                            (.042, 2.95), (.07, 2.98), (.07, 3.02), (.04, 3.05), (.04, 3.12), (.115, 3.16), (.125, 3.19), (0, 3.19)], 14, crease=40)))
    P.add('lamp_glass', at(lathe([(.095, 3.19), (.14, 3.50)], 6, crease=20)))
    P.add('lamp_hot', at(ball(.055, 14, 10, (0, 3.33, 0), sy=1.35)))
    for i in range(6):
        a = i * PI / 3
        P.add('iron', at(orient(tube([v3(math.sin(a) * .097, 3.19, math.cos(a) * .097), v3(math.sin(a) * .142, 3.50, math.cos(a) * .142)], .009, 5))))
    P.add('iron', at(lathe([(0, 3.50), (.17, 3.49), (.175, 3.52), (.10, 3.62), (.055, 3.68), (.05, 3.73), (.02, 3.76), (.022, 3.80), (0, 3.83)], 12, crease=40)))
    P.add('iron', at(orient(tube([v3(-.30, 2.80, 0), v3(.30, 2.80, 0)], .016, 6))))
    for s in range(8):
        a = np.linspace(s * PI / 4, (s + 1) * PI / 4, 6)
        seg = tube(np.stack([np.sin(a) * .30, np.cos(a) * .30, np.zeros(6)], 1), .062, 9, up=np.stack([np.zeros(6), np.zeros(6), np.ones(6)], 1), crease=80)
        P.add('ring_red' if s % 2 else 'ring_white', at(orient(seg).xf(E(-4), (0, 1.32, .11))))
    # far end rail
    for y in (.35, .68):
        P.add('pier_b', box((0, y, -15.9), (6.2, .09, .05), .008, uvs=.9))
    # mooring line and boat
    TB = lambda m: m.xf(E(2, 7, -3), (4.35, -1.12, -2.6))
    rowboat(P, TB)
    P.add('rope', rope(sag((3.12, .55, .35), (4.25, -.72, -.9), .25, 12), .015, 12, sides=6))
    # water
    def spread(n, m, near):
        u = np.linspace(-1, 1, n)
        return np.sign(u) * (near * np.abs(u) + (m - near) * np.abs(u) ** 3.2)
    xs, zs = spread(37, 130, 16), spread(39, 130, 16) - 20
    X, Z = np.meshgrid(xs, zs, indexing='ij')
    fall = np.exp(-(np.hypot(X, Z + 6) / 26) ** 2)
    Y = -1.25 + fall * (.035 * np.sin(.9 * X + .5 * Z) + .028 * np.sin(.35 * X - 1.05 * Z + 1) + .02 * np.sin(1.7 * X + 1.3 * Z + 2))
    W = np.stack([X, Y, Z], -1)
    m = grid_mesh(W, uv=np.stack([X / 5., Z / 5.], -1), crease=80)
    if m.fn()[:, 1].sum() < 0:
        m.t, m.uv = m.t[:, ::-1].copy(), m.uv[:, ::-1].copy()
    P.add('water', m)
    # lighthouse on its rock
    n, k = 30, 12
    rad = np.linspace(0, 1, k)
    rows = []
    noise = vnoise(32, 32, 8, 6, 45)
    for i in range(n):
        a = i * 2 * PI / n
        row = []
        for j, q in enumerate(rad):
            e = 1 + .35 * math.sin(3 * a + 1) * (1 - q * .4) + .8 * (noise[i, j * 2] - .5)
            r_ = 13 * (1 - q) ** .8 * e
            y = -2.2 + 7.2 * q ** .75 + (noise[(i * 3) % 32, (j * 5) % 32] - .5) * 3.4 * (1 - q) ** .8
            row.append((math.sin(a) * r_ * 1.35, y, math.cos(a) * r_))
        rows.append(row)
    lc = v3(-13., 0, -84.)
    P.add('rock', orient(grid_mesh(np.array(rows), True, crease=22)).xf(t=lc))
    tw = lambda m: m.xf(t=lc + v3(0, 4.2, 0))
    rr = lambda y: 2.1 - .75 * (y / 14)
    for i in range(5):
        y0, y1 = i * 2.8, (i + 1) * 2.8
        P.add('tower_red' if i % 2 else 'tower_white', tw(lathe([(rr(y0), y0), (rr(y1), y1)], 20)))
    P.add('iron', tw(lathe([(1.3, 13.9), (1.9, 14.0), (1.95, 14.25), (1.2, 14.3)], 20, crease=40)))
    P.add('beam', tw(lathe([(.95, 14.3), (.95, 16.0)], 14)))
    P.add('tower_red', tw(lathe([(1.15, 16.0), (1.15, 16.2), (.5, 17.0), (.12, 17.3), (.1, 17.9), (0, 18)], 16, crease=40)))
    for i in range(8):
        a = i * PI / 4
        P.add('iron', tw(orient(tube([v3(math.sin(a) * 1.85, 14.25, math.cos(a) * 1.85), v3(math.sin(a) * 1.85, 15.2, math.cos(a) * 1.85)], .05, 4))))
    P.add('iron', tw(torus(1.85, .05, 20, 4).xf(t=(0, 15.2, 0))))
    P.add('tower_white', tw(box((3.6, .9, .6), (3.6, 2.6, 3.0), .05)))
    roof = Mesh([(-2.1, 0, 1.8), (2.1, 0, 1.8), (2.1, 0, -1.8), (-2.1, 0, -1.8), (-2.1, 1.5, 0), (2.1, 1.5, 0)],
                [(0, 1, 5), (0, 5, 4), (2, 3, 4), (2, 4, 5), (1, 2, 5), (3, 0, 4)], crease=20)
    P.add('tower_red', tw(orient(roof).xf(t=(3.6, 2.2, .6))))
    P.add('beam_dim', tw(box((3.2, .95, 2.13), (.7, .8, .03), 0)))
    # shoreline hills
    for zz, amp, seed, mat in ((-112, 9., 61, 'shore_far'), (-104, 4.5, 62, 'shore')):
        nn = 64
        x = np.linspace(-150, 150, nn)
        h = 1.2 + amp * (fbm(nn, nn, 4, 6, seed, 4)[0] ** 1.5) * (.25 + .75 * np.clip(np.abs(x + 18) / 70, 0, 1))
        S = np.stack([np.stack([x, np.full(nn, -1.6), np.full(nn, zz + 6.)], 1), np.stack([x, h * .55 - .8, np.full(nn, zz + 2.)], 1), np.stack([x, h, np.full(nn, zz)], 1)], 1)
        m = grid_mesh(S, crease=80)
        if m.fn()[:, 2].sum() < 0:
            m.t, m.uv = m.t[:, ::-1].copy(), m.uv[:, ::-1].copy()
        P.add(mat, m)
    gl = rng(70)
    for i in range(12):
        x = gl.uniform(-75, 75)
        P.add('town', box((x, .3 + gl.random() * 1.2, -97.5), (.35, .35, .1), 0))
    marks = (('mark_a', (-.65, 0, 0)), ('mark_b', (.65, 0, 0)), ('mark_c', (0, 0, -.6)), ('mark_enter', (-.3, 0, -6)),
             ('mark_prop', (-2.16, .521, -.62)))
    return static('pier', P, marks, (('post', post, posts), ('bollard', bp, bols), ('crate', cp, crates), ('barrel', bar, barrels)))


def jar(P, c, r, h, fill):
    at = lambda m: m.xf(t=c)
    P.add('jar_' + fill, at(lathe([(0, 0), (r * .92, 0), (r, r * .12), (r, h * .72), (r * .80, h * .84), (r * .62, h * .86)], 12, crease=62)))
    P.add('cork' if fill != 'amber' else 'brass', at(lathe([(r * .66, h * .84), (r * .66, h), (r * .55, h * 1.02), (0, h * 1.02)], 9, crease=62)))


def workshop():
    P = Parts()
    g = rng(17)
    uvo = lambda: (g.random() * 4, g.random() * 4)
    tints = ['warm', 'warm_b', 'warm_c']
    zb, zf, X, H = -1.62, 3.4, 3.0, 2.8
    # floor
    x = -X
    while x < X - .01:
        w = min(.148, X - x)
        cut = g.uniform(-.6, 2.4)
        for a, b in ((zb, cut), (cut, zf)):
            m = plank(-b + .003, -a - .003, x + w / 2, w - .005, .03, 0, .004, uvo(), .8, 'z', (g.normal(0, .0008), g.normal(0, .0008)))
            P.add(tints[int(g.choice(3, p=[.45, .3, .25]))], m)
        x += .148
    P.add('dark', box((0, -.05, (zb + zf) / 2), (2 * X, .04, zf - zb), 0))
    # walls: plaster above the wainscot; the back wall has a window
    wx, wy0, wy1 = .62, 1.32, 2.34

    def quad(a, b, c, d, mat, sc=.5):
        a, b, c, d = (np.asarray(q, float) for q in (a, b, c, d))
        U, V = norm(b - a), norm(d - a)
        uv = np.array([[(q @ U) * sc, -(q @ V) * sc] for q in (a, b, c, d)])
        P.add(mat, Mesh([a, b, c, d], [(0, 1, 2), (0, 2, 3)], None, uv[np.array([(0, 1, 2), (0, 2, 3)])]))
    for x0, x1, y0, y1 in ((-X, -wx, 0, H), (wx, X, 0, H), (-wx, wx, 0, wy0), (-wx, wx, wy1, H)):
        quad((x0, y0, zb), (x1, y0, zb), (x1, y1, zb), (x0, y1, zb), 'plaster')
    quad((-X, 0, zf), (-X, 0, zb), (-X, H, zb), (-X, H, zf), 'plaster')
    quad((X, 0, zb), (X, 0, zf), (X, H, zf), (X, H, zb), 'plaster')
    # wainscot boards
    wh = 1.0
    door = (.35, 1.25)

    def boards(n0, n1, put):
        t = n0
        while t < n1 - .02:
            w = min(.125, n1 - t)
            put(t + w / 2, w - .006)
            t += .125
    Rb = np.array([[0, 0, 1.], [1, 0, 0], [0, 1, 0]])             # length up, face +Z
    slat = lambda w, R, at: P.add('wains', plank(0, wh, 0, w, .02, 0, .004, uvo()).xf(R @ Rb, at))
    boards(-X, X, lambda c, w: slat(w, np.eye(3), (c, 0, zb + .022)))
    for sx in (-1, 1):
        def put(c, w, sx=sx):
            if sx < 0 and door[0] - .02 < c < door[1] + .02:
                return
            slat(w, E(0, -sx * 90), (sx * (X - .022), 0, c))
        boards(zb, zf, put)
    P.add('beam_wood', box((0, wh + .02, zb + .03), (2 * X, .05, .06), .008, uvs=.9), box((0, .06, zb + .028), (2 * X, .12, .03), .006, uvs=.9))
    for sx in (-1, 1):
        for z0, z1 in (((zb, door[0] - .08), (door[1] + .08, zf)) if sx < 0 else ((zb, zf),)):
            P.add('beam_wood', box((sx * (X - .03), wh + .02, (z0 + z1) / 2), (.06, .05, z1 - z0), .008, uvs=.9),
                  box((sx * (X - .028), .06, (z0 + z1) / 2), (.03, .12, z1 - z0), .006, uvs=.9))
    # timber posts and beams
    for x in (-X + .08, X - .08):
        P.add('beam_wood', box((x, H / 2, zb + .09), (.16, H, .16), .014, uvs=.9, uvo=uvo()))
        P.add('beam_wood', box((x, H / 2, 1.75), (.14, H, .16), .014, uvs=.9, uvo=uvo()))
    for x in (-1.28, 1.28):
        P.add('beam_wood', box((x, (H + wh) / 2, zb + .05), (.13, H - wh, .10), .012, uvs=.9, uvo=uvo()))
    P.add('beam_wood', box((0, H - .09, zb + .10), (2 * X, .18, .18), .016, uvs=.9))
    for z in (-.45, .85, 2.15, 3.3):
        P.add('beam_wood', box((0, H - .02, z), (2 * X, .19, .16), .016, E(0, g.normal(0, .4)), uvs=.9, uvo=uvo()))
    for sx in (-1, 1):
        P.add('beam_wood', box((sx * (X - .09), H - .09, (zb + zf) / 2), (.16, .18, zf - zb), .016, uvs=.9, uvo=uvo()))
        P.add('beam_wood', box((sx * (X - .36), H - .38, zb + .13), (.09, .72, .10), .01, E(0, 0, sx * -45), uvs=.9))
    # window
    P.add('night', Mesh([(-wx, wy0, zb - .06), (wx, wy0, zb - .06), (wx, wy1, zb - .06), (-wx, wy1, zb - .06)], [(0, 1, 2), (0, 2, 3)]))
    for y in (wy0, wy1):
        P.add('beam_wood', box((0, y, zb + .01), (2 * wx + .22, .09, .14), .01, uvs=.9))
    P.add('beam_wood', box((0, wy0 - .05, zb + .06), (2 * wx + .30, .04, .20), .008, uvs=.9))
    for x in (-wx, wx):
        P.add('beam_wood', box((x, (wy0 + wy1) / 2, zb + .01), (.09, wy1 - wy0, .14), .01, uvs=.9))
    for x in (-wx / 3 * 1.0, wx / 3 * 1.0):
        P.add('beam_wood', box((x, (wy0 + wy1) / 2, zb - .02), (.028, wy1 - wy0, .04), .004))
    for k in (1, 2):
        P.add('beam_wood', box((0, wy0 + (wy1 - wy0) * k / 3, zb - .02), (2 * wx, .028, .04), .004))
    # moon and stars
    P.add('moon', lathe([(0, 0), (.052, 0)], 20).xf(E(-90), (.31, 2.08, zb - .055)))
    for i in range(16):
        P.add('moon', box((g.uniform(-.55, .55), g.uniform(1.7, 2.3), zb - .057), (.006, .006, .002), 0))
    # potted plant and bottle on the sill
    P.add('terracotta', lathe([(0, 0), (.045, 0), (.06, .085), (.066, .09), (.066, .105), (.055, .105), (.05, .09), (0, .09)], 14, crease=40).xf(t=(-.42, 1.29, zb + .10)))
    for i in range(13):
        a, b = g.uniform(0, 6.28), g.uniform(.3, 1.)
        d = v3(math.sin(a) * b, 0, math.cos(a) * b)
        pts = spline([v3(0, 0, 0), d * .04 + v3(0, .09, 0), d * .10 + v3(0, .12 - .03 * b, 0)], 6)
        P.add('leaf', orient(tube(pts + v3(-.42, 1.375, zb + .10), np.array([.003, .006, .013, .017, .012, .001]), 5, flat=.25)))
    # bench
    bt, bz, bd, bw = .95, -1.235, .66, 2.7
    n = 4
    for i in range(n):
        dz = bd / n
        P.add(tints[i % 3], box((0, bt - .035, bz - bd / 2 + dz * (i + .5)), (bw + g.normal(0, .006), .07, dz - .004), .007, uvs=.9, uvo=uvo()))
    P.add('warm_b', box((0, bt - .14, bz + bd / 2 - .06), (bw - .12, .14, .035), .006, uvs=.9))
    for sx in (-1, 1):
        for sz in (-1, 1):
            P.add('warm_c', box((sx * (bw / 2 - .12), (bt - .07) / 2, bz + sz * (bd / 2 - .08)), (.10, bt - .07, .10), .008, uvs=.9, uvo=uvo()))
        P.add('warm_c', box((sx * (bw / 2 - .12), .16, bz), (.06, .09, bd - .16), .006, uvs=.9))
    P.add('warm_b', box((0, .20, bz), (bw - .2, .03, bd - .2), .006, uvs=.9))
    for i, x in enumerate((-.62, 0, .62)):
        P.add('warm', box((x, bt - .145, bz + bd / 2 - .040), (.50, .115, .02), .006, uvs=.9, uvo=uvo()))
        P.add('brass', ball(.016, 12, 8, (x, bt - .145, bz + bd / 2 - .018)))
    # under the bench: crate, basket of rolled paper
    crate_geo(P, (.75, .215, bz), (.52, .34, .42), 4, 'warm_c', 31, False, .17)
    for i in range(5):
        r0 = v3(-.9 + .055 * i, .26, bz + g.uniform(-.1, .1))
        P.add('paper', cyl(.022, .55, 10).xf(E(90, g.uniform(-8, 8)), r0 + v3(0, 0, -.27)))
    # on the bench
    zt = lambda x, z: v3(x, bt, z)
    lan = lantern_geo(Parts(), False, .6)
    lans = [(zt(-1.12, -1.32), E(0, 30), 1)]
    for x, z, r, te in ((.28, -1.10, .055, 14), (.38, -1.16, .034, 10), (.20, -1.24, .026, 9)):
        P.add('brass', gear(r, .012, te).xf(E(-90), zt(x, z) + v3(0, .007, 0)))
    P.add('paper', box(zt(-.02, -1.30) + v3(0, .002, 0), (.42, .003, .28), 0, E(0, 7)))
    P.add('iron', cyl(.010, .30, 8).xf(E(90, 55), zt(.62, -1.22) + v3(0, .012, 0)))                 # file
    P.add('wood_handle', cyl(.015, .12, 10).xf(E(90, 55), zt(.62, -1.22) + v3(-.095, .015, -.067)))
    P.add('iron', box(zt(.48, -1.03) + v3(0, .022, 0), (.10, .034, .034), .005, E(0, 25)))           # hammer
    P.add('wood_handle', cyl(.011, .26, 8).xf(E(90, 25), zt(.48, -1.03) + v3(0, .018, 0)))
    # vise
    P.add('iron', box(zt(1.12, -1.02) + v3(0, .05, 0), (.16, .10, .12), .012), box(zt(1.12, -.935) + v3(0, .085, 0), (.15, .06, .04), .008),
          box(zt(1.12, -1.035) + v3(0, .115, 0), (.15, .05, .04), .008), cyl(.014, .22, 10).xf(E(90), zt(1.12, -1.0) + v3(0, .06, 0)),
          cyl(.007, .18, 8).xf(E(0, 0, 90), zt(1.12, -.80) + v3(.09, .06, 0)))
    # candle stub, mug, glass chimneys
    P.add('brass', lathe([(0, 0), (.055, 0), (.058, .008), (.016, .012), (.016, .035), (0, .035)], 16, crease=40).xf(t=zt(-.78, -1.42)))
    P.add('wax', cyl(.014, .09, 10, .03).xf(t=zt(-.78, -1.42)))
    P.add('flame', lathe([(0, .124), (.006, .13), (.007, .140), (.003, .155), (0, .162)], 8, crease=80).xf(t=zt(-.78, -1.42)))
    P.add('mug', lathe([(0, 0), (.036, 0), (.040, .008), (.040, .085), (.036, .088), (.034, .084), (.034, .02), (0, .02)], 18, crease=45).xf(t=zt(-.30, -1.45)),
          torus(.026, .006, 14, 6).xf(E(90), zt(-.30, -1.45) + v3(.046, .045, 0)))
    for i, x in enumerate((.02, .14)):
        P.add('glass', lathe([(.022, 0), (.034, .03), (.034, .06), (.022, .11), (.020, .18)], 14, crease=80).xf(t=zt(x, -1.47)))
    # shelves on both sides of the window
    nl = 0
    for sx in (-1, 1):
        for yi, y in enumerate((1.50, 1.92, 2.30)):
            cx, w = sx * 2.08, 1.36
            P.add('warm_b', box((cx, y, zb + .14), (w, .028, .24), .005, uvs=.9, uvo=uvo()))
            for bx in (-.5, .5):
                P.add('iron', box((cx + bx, y - .07, zb + .04), (.02, .12, .012), .002), box((cx + bx, y - .03, zb + .10), (.02, .012, .17), .002, E(35)))
            t = cx - w / 2 + .10
            while t < cx + w / 2 - .09:
                k = g.random()
                at = v3(t, y + .014, zb + .14 + g.uniform(-.02, .03))
                if k < .50:
                    r, h = g.uniform(.038, .06), g.uniform(.12, .22)
                    jar(P, at, r, h, ['amber', 'green', 'clay', 'blue'][int(g.integers(4))])
                    t += 2 * r + .03
                elif k < .68:
                    r = g.uniform(.06, .10)
                    P.add('brass' if k < .6 else 'iron', gear(r, .016, int(8 + r * 45)).xf(E(-12, g.uniform(-20, 20)), at + v3(0, r * .98, -.02)))
                    t += 2 * r + .03
                elif k < .76 and y < 2.2 and nl < 3:
                    nl += 1
                    lans.append((at, E(0, g.uniform(0, 90)), .86))
                    t += .21
                else:
                    for b in range(3):
                        bw_ = g.uniform(.028, .045)
                        bh = g.uniform(.17, .23)
                        P.add(['book_a', 'book_b', 'book_c'][int(g.integers(3))], box((t + bw_ / 2, at[1] + bh / 2, at[2]), (bw_, bh, .15), .005, E(0, 0, -2 * b)))
                        t += bw_ + .003
                    t += .03
    # tool board on the left wall behind the bench end
    tb = lambda m: m.xf(E(0, 90), (-X + .05, 0, -.55))
    P.add('warm_c', tb(box((0, 1.62, 0), (1.25, .80, .025), .006, uvs=.9)))
    for i in range(6):
        x = -.5 + i * .2
        if i % 3 == 0:        # hammer
            P.add('wood_handle', tb(cyl(.013, .30, 8, 1.42).xf(t=(x, 0, .035))))
            P.add('iron', tb(box((x, 1.74, .035), (.12, .04, .04), .006)))
        elif i % 3 == 1:      # saw
            P.add('steel_d', tb(Mesh([(x - .05, 1.35, .03), (x + .07, 1.35, .03), (x + .02, 1.78, .03), (x - .05, 1.78, .03)], [(0, 1, 2), (0, 2, 3)])))
            P.add('wood_handle', tb(torus(.045, .014, 14, 6).xf(E(90), (x, 1.82, .03))))
        else:                 # pliers
            for sg in (1, -1):
                P.add('iron', tb(orient(tube(spline([v3(x + sg * .035, 1.46, .03), v3(x + sg * .032, 1.56, .03), v3(x, 1.66, .03), v3(x - sg * .012, 1.74, .03)], 6), .010, 5))))
        P.add('iron', tb(cyl(.006, .04, 6).xf(E(90), (x, 1.86, .015))))
    # door in the left wall
    dz0, dz1 = door
    dc = (dz0 + dz1) / 2
    for i in range(6):
        w = (dz1 - dz0) / 6
        P.add('door', box((-X + .02, 1.0, dz0 + w * (i + .5)), (.035, 2.0, w - .005), .005, uvs=.9, uvo=uvo()))
    for y in (.35, 1.65):
        P.add('iron', box((-X + .042, y, dc - .05), (.010, .05, .70), .003))
    P.add('brass', ball(.028, 12, 8, (-X + .075, 1.02, dz1 - .09)))
    for z in (dz0 - .05, dz1 + .05):
        P.add('beam_wood', box((-X + .03, 1.04, z), (.10, 2.08, .10), .01, uvs=.9, uvo=uvo()))
    P.add('beam_wood', box((-X + .03, 2.06, dc), (.11, .12, dz1 - dz0 + .26), .01, uvs=.9))
    # stove in the right corner with a brick back
    sx, sz = 2.36, -1.02
    P.add('brick', box((sx + .02, .85, zb + .06), (1.10, 1.70, .10), .006, uvs=1.))
    P.add('brick', box((sx + .02, .03, sz - .02), (1.14, .06, 1.08), .008, uvs=1.))
    st = lambda m: m.xf(t=(sx, .06, sz))
    P.add('iron', st(lathe([(0, .16), (.26, .16), (.285, .19), (.27, .23), (.255, .28), (.255, .72), (.285, .75), (.29, .79), (.25, .83), (.12, .86), (.11, .90), (0, .90)], 24, crease=35)))
    for i in range(4):
        a = PI / 4 + i * PI / 2
        d = v3(math.sin(a), 0, math.cos(a))
        P.add('iron', st(orient(tube(spline([d * .22 + v3(0, .18, 0), d * .29 + v3(0, .10, 0), d * .26 + v3(0, .03, 0), d * .30], 7), [.03, .028, .024, .021, .02, .022, .026], 7))))
    P.add('iron', st(lathe([(.085, .88), (.085, 2.8)], 16)), st(lathe([(.10, 1.5), (.10, 1.54)], 16)), st(lathe([(.10, 2.2), (.10, 2.24)], 16)))
    P.add('iron', st(box((0, .46, .255), (.30, .30, .03), .012)))
    P.add('ember', st(box((0, .44, .272), (.20, .16, .006), 0)))
    for i in range(5):
        P.add('iron', st(box((-.08 + .04 * i, .44, .278), (.014, .17, .012), .003)))
    P.add('brass', st(ball(.016, 10, 7, (.125, .52, .285))))
    P.add('mug', st(lathe([(0, .90), (.10, .90), (.115, .93), (.11, 1.0), (.07, 1.04), (.02, 1.05), (.02, 1.075), (0, 1.08)], 18, crease=45)),
          st(orient(tube(spline([v3(.10, .95, 0), v3(.15, .98, 0), v3(.175, 1.03, 0)], 6), [.02, .018, .016, .014, .012, .012], 7))))
    a = np.linspace(-PI / 2, PI / 2, 11)
    P.add('iron', st(orient(tube(np.stack([np.sin(a) * .085, 1.02 + np.cos(a) * .10, 0 * a], 1), .006, 6))))
    # firewood
    for i in range(7):
        r = g.uniform(.035, .05)
        c = v3(2.72 + (i % 2) * .10, .05 + .085 * (i // 2), -.28 + .02 * (i % 3))
        P.add('warm_c', cyl(r, .36, 9).xf(E(0, 0, 90) @ E(0, g.uniform(0, 9)), c + v3(.13, 0, .10 * (i % 2))))
    # hanging lamp
    lx, lz = .55, -.98
    at = lambda m: m.xf(t=(lx, 0, lz))
    P.add('iron', at(orient(tube([v3(0, 2.80, 0), v3(0, 2.24, 0)], .006, 6))))
    P.add('brass', at(lathe([(.020, 2.20), (.030, 2.16), (.05, 2.14), (.05, 2.16), (.03, 2.24), (0, 2.25)], 16, crease=45)))
    sh = [(.205, 1.985), (.20, 1.995), (.12, 2.08), (.055, 2.145), (.04, 2.155)]
    P.add('enamel', at(lathe(sh, 26, crease=60)))
    P.add('enamel_in', at(lathe([(r - .003, y - .002) for r, y in sh[::-1]], 26, crease=60)))
    P.add('bulb', at(ball(.048, 16, 12, (0, 2.055, 0), sy=1.2)))
    # a second unlit row of lanterns hanging from the beam
    for i, x in enumerate((-2.2, -1.55, 1.75)):
        y = H - .62 - .10 * (i % 2)
        lans.append(((x, y, -.45), E(0, 40 * i), 1))
        P.add('iron', orient(tube([v3(x, y + .35, -.45), v3(x, H - .1, -.45)], .003, 5)))
    # stool
    stool_geo(P, (1.98, 0, -.30), .48, 20, 'warm_b')
    marks = (('mark_a', (-.65, 0, 0)), ('mark_b', (.65, 0, 0)), ('mark_c', (0, 0, -.75)), ('mark_enter', (-2.2, 0, .8)),
             ('mark_prop', (-.45, .951, -1.12)))
    return static('workshop', P, marks, (('lantern', lan, lans),))


def brick_h(n=256):
    y, x = np.meshgrid(np.arange(n) / n * 8, np.arange(n) / n * 4, indexing='ij')
    x = x + .5 * (np.floor(y) % 2)
    u, v = x % 1, y % 1
    e = np.minimum(np.minimum(u, 1 - u) * 2, np.minimum(v, 1 - v))
    ident = (np.floor(y) * 7 + np.floor(x % 4) * 13)
    return np.clip((e - .05) / .07, 0, 1), ident


def brick_tex():
    h, i = brick_h()
    t = ((np.sin(i * 12.9898) * 43758.5453) % 1)[..., None]
    nz = fbm(256, 256, 16, 16, 80, 3)[..., None]
    img = rgb('#7a3f2e') * (.72 + .5 * t) + (nz - .5) * 40
    img = img * h[..., None] + (rgb('#8d8478') + (nz - .5) * 30) * (1 - h[..., None])
    return poster(img, 8)


def rope_h(n=32):
    y, x = np.meshgrid(np.arange(n) / n, np.arange(n) / n, indexing='ij')
    return np.abs(np.sin((x + y) * PI * 2)) ** .6


TEX.update({
    'plaster_b': lambda: poster(rgb('#a8977c') + (fbm(256, 256, 4, 4, 90, 5, .6)[..., None] - .5) * np.array([58, 56, 50.]), 5),
    'plaster_n': lambda: normal_from(fbm(128, 128, 8, 8, 92, 4, .6), 5, 9),
    'brick_b': brick_tex,
    'brick_n': lambda: normal_from(brick_h()[0] + .25 * fbm(256, 256, 32, 32, 82, 2), 2.2, 12),
    'rope_n': lambda: normal_from(rope_h(), 3.2, 6),
    'water_n': lambda: normal_from(fbm(256, 256, 8, 5, 95, 4, .5) + .6 * fbm(256, 256, 20, 14, 99, 2), 3.4, 7),
})

_w = dict(tex='pier_b', nrm='pier_n', mr='pier_mr', r=1.)
_s = dict(tex='warm_s_b', nrm='warm_s_n', mr='warm_s_mr', r=1.)
_u = dict(tex='warm_b', nrm='warm_n', mr='warm_mr', r=1.)
MATS.update({
    'brass': dict(c='#c8993f', m=1., r=.30),
    'brass_dark': dict(c='#8a6a32', m=1., r=.42),
    'glass': dict(c='#e6efe8', a=.16, r=.05),
    'flame': dict(c='#ffb45a', e='#ffa03c', es=9., r=.8),
    'flame_core': dict(c='#fff0c8', e='#ffe2a0', es=14., r=.8),
    'wick': dict(c='#3a342c', r=.9),
    'wood_handle': dict(c='#7a4526', r=.5),
    'iron': dict(c='#2c2e31', m=.7, r=.55),
    'steel_d': dict(c='#8b8f92', m=1., r=.4, two=True),
    'dark': dict(c='#14110e', r=.95),
    'crate': dict(_s), 'warm_s': dict(_s),
    'pier': dict(_w, c='#d8d2c8'), 'pier_b': dict(_w, c='#b5aea6'), 'pier_c': dict(_w, c='#96897d'),
    'under': dict(c='#0f1012', r=.95),
    'rope': dict(c='#a48c62', nrm='rope_n', r=.9),
    'lamp_glass': dict(c='#ffe0a0', e='#ffb55a', es=2.2, a=.35, r=.2),
    'lamp_hot': dict(c='#ffe8bf', e='#ffc070', es=12., r=.8),
    'ring_red': dict(c='#a5342a', r=.6), 'ring_white': dict(c='#d9d3c6', r=.6),
    'boat_out': dict(c='#3d5f6b', r=.55, two=True), 'boat_trim': dict(c='#c9bfa8', r=.6),
    'water': dict(c='#15242f', r=.10, nrm='water_n', ns=.55),
    'rock': dict(c='#31353c', r=.92), 'tower_white': dict(c='#c9c8c4', r=.8), 'tower_red': dict(c='#8e3630', r=.75),
    'beam': dict(c='#fff0c8', e='#ffdf9a', es=16., r=.8), 'beam_dim': dict(c='#ffd28a', e='#ffb860', es=3., r=.8),
    'town': dict(c='#ffd28a', e='#ffb060', es=2.5, r=.8),
    'shore': dict(c='#1c242e', r=1.), 'shore_far': dict(c='#28323f', r=1.),
    'warm': dict(_u), 'warm_b': dict(_u, c='#cfc2b4'), 'warm_c': dict(_u, c='#a8978a'),
    'wains': dict(_u, c='#8d8f86'), 'beam_wood': dict(_u, c='#7d6a5a'), 'door': dict(_u, c='#7f9188'),
    'plaster': dict(tex='plaster_b', nrm='plaster_n', ns=.7, r=.95),
    'brick': dict(tex='brick_b', nrm='brick_n', r=.92),
    'night': dict(c='#0b1626', e='#16345e', es=.9, r=.25), 'moon': dict(two=True, c='#dfe8f5', e='#c8d8f0', es=2.2, r=.9),
    'terracotta': dict(c='#9a5638', r=.85), 'leaf': dict(c='#4b6a3c', r=.7), 'paper': dict(c='#d8cba8', r=.9),
    'wax': dict(c='#e5dbc0', r=.5), 'mug': dict(c='#3f6072', r=.35),
    'jar_amber': dict(c='#8a4a14', r=.12), 'jar_green': dict(c='#33533f', r=.15), 'jar_clay': dict(c='#a08468', r=.6), 'jar_blue': dict(c='#2c4a66', r=.15),
    'cork': dict(c='#a5814f', r=.9), 'book_a': dict(c='#6b2c26', r=.8), 'book_b': dict(c='#2f4438', r=.8), 'book_c': dict(c='#5b4a2a', r=.8),
    'ember': dict(c='#ff7a2a', e='#ff5a14', es=6., r=.9), 'enamel': dict(c='#2d4a3f', r=.3), 'enamel_in': dict(c='#efe6d0', e='#ffb868', es=.7, r=.4),
    'bulb': dict(c='#fff0d0', e='#ffc878', es=14., r=.6),
})


BUILD = {
    'mara': lambda p: mara(False).write('mara', p),
    'mara_indoor': lambda p: mara(True).write('mara_indoor', p),
    'ilya': lambda p: ilya().write('ilya', p),
    'lantern_dark': lambda p: static('lantern_dark', lantern_geo(Parts(), False))(p),
    'lantern_lit': lambda p: static('lantern_lit', lantern_geo(Parts(), True))(p),
    'crate': lambda p: static('crate', crate_geo(Parts(), (0, 0, 0), (.56, .52, .56), seed=1))(p),
    'stool': lambda p: static('stool', stool_geo(Parts()))(p),
    'pier': lambda p: pier()(p),
    'workshop': lambda p: workshop()(p),
}


def main():
    out = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'examples', 'short_film', 'assets')
    os.makedirs(out, exist_ok=True)
    names = sys.argv[1:] or list(BUILD)
    total = 0
    for n in names:
        total += BUILD[n](os.path.join(out, n + '.glb'))
    print(f'total {total / 1024:.1f} KiB')


if __name__ == '__main__':
    main()
