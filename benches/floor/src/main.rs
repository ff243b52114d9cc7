//! Engine limits of the machine, and a bare "speed of light" server for the gate.
//! Not the product: no auth, no tenants, no playbooks, no journal. It says how far axum and SQLite go on this machine.
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    routing::{get, patch, post},
    Json, Router,
};
use rusqlite::{params, Connection};
use serde_json::{json, Value};
use std::{
    collections::HashMap,
    fs::File,
    io::Write,
    sync::{mpsc, Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::sync::oneshot;

fn arg(k: &str, d: &str) -> String {
    let a: Vec<String> = std::env::args().collect();
    a.iter().position(|x| x == k).and_then(|i| a.get(i + 1).cloned()).unwrap_or(d.into())
}
fn open(db: &str, sync: &str) -> Connection {
    let c = Connection::open(db).unwrap();
    c.execute_batch(&format!("PRAGMA journal_mode=WAL; PRAGMA synchronous={sync}; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=1073741824;")).unwrap();
    c.busy_timeout(Duration::from_secs(10)).unwrap();
    c
}
/// CPU seconds of this process so far: stands when the machine is shared, where wall time does not
fn cpu() -> f64 {
    let s = std::fs::read_to_string("/proc/self/schedstat").unwrap();
    s.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}
fn pct(v: &mut Vec<f64>, p: f64) -> f64 {
    v.sort_by(|a, b| a.partial_cmp(b).unwrap());
    v[((v.len() as f64 - 1.0) * p) as usize]
}

/// one gate decision row (plus a deal update) per logical write, `batch` of them per commit
fn commits() {
    let (db, sync, batch, secs) = (
        arg("--db", "floor_commit.db"),
        arg("--sync", "FULL"),
        arg("--batch", "1").parse::<usize>().unwrap(),
        arg("--secs", "5").parse::<u64>().unwrap(),
    );
    for s in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{db}{s}"));
    }
    let c = open(&db, &sync);
    c.execute_batch("create table deal(id integer primary key, stage text, csm_id int); create table gate(id integer primary key, deal_id int, ok int, missing text, at text);").unwrap();
    c.execute_batch("with recursive n(i) as (select 1 union all select i+1 from n where i<100000) insert into deal select i,'neg',0 from n").unwrap();
    let mut up = c.prepare("update deal set stage='won',csm_id=?2 where id=?1").unwrap();
    let mut ins =
        c.prepare("insert into gate(deal_id,ok,missing,at) values(?1,1,'','2026-01-01T00:00:00Z')").unwrap();
    let (t0, mut n, mut lat, c0) = (Instant::now(), 0u64, vec![], cpu());
    while t0.elapsed() < Duration::from_secs(secs) {
        let t = Instant::now();
        c.execute_batch("begin immediate").unwrap();
        for _ in 0..batch {
            let id = fastrand::i64(1..=100000);
            up.execute(params![id, id % 60]).unwrap();
            ins.execute(params![id]).unwrap();
        }
        c.execute_batch("commit").unwrap();
        n += batch as u64;
        lat.push(t.elapsed().as_secs_f64() * 1e3);
    }
    let el = t0.elapsed().as_secs_f64();
    println!(
        "{}",
        json!({"test":"sqlite_commit","sync":sync,"batch":batch,"decisions_s":(n as f64/el) as u64,"cpu_us_per_decision":(cpu()-c0)*1e6/n as f64,"decisions_s_at_p50":batch as f64*1e3/pct(&mut lat,0.5),"commits_s":(lat.len() as f64/el) as u64,"p50_ms":pct(&mut lat,0.5),"p99_ms":pct(&mut lat,0.99)})
    );
}
/// append-only log, fdatasync per batch: the device's limit for durable decisions
fn append() {
    let (f, batch, secs) = (
        arg("--db", "floor_append.log"),
        arg("--batch", "1").parse::<usize>().unwrap(),
        arg("--secs", "5").parse::<u64>().unwrap(),
    );
    let mut fh = File::create(&f).unwrap();
    let rec = vec![b'x'; 256 * batch];
    let (t0, mut n, mut lat, c0) = (Instant::now(), 0u64, vec![], cpu());
    while t0.elapsed() < Duration::from_secs(secs) {
        let t = Instant::now();
        fh.write_all(&rec).unwrap();
        fh.sync_data().unwrap();
        n += batch as u64;
        lat.push(t.elapsed().as_secs_f64() * 1e3);
    }
    println!(
        "{}",
        json!({"test":"append_fdatasync","batch":batch,"cpu_us_per_record":(cpu()-c0)*1e6/n as f64,"records_s":(n as f64/t0.elapsed().as_secs_f64()) as u64,"p50_ms":pct(&mut lat,0.5),"p99_ms":pct(&mut lat,0.99)})
    );
    let _ = std::fs::remove_file(&f);
}

const METRICS: &str =
    "select ae_id, count(*), sum(completeness=100), avg(julianday(kickoff_at)-julianday(closed_at)), \
 sum(quality_score>=80 and julianday(first_value_at)-julianday(kickoff_at)<=30), sum(quality_score>=80), \
 sum(quality_score<50 and julianday(first_value_at)-julianday(kickoff_at)<=30), sum(quality_score<50), \
 sum(churned_at is not null and julianday(churned_at)-julianday(closed_at)<=90) from handoff group by ae_id";

/// import the generator's CSV into a 41-column table (bulk-load limit), then time the metrics scan
fn import() {
    let (db, csv) = (arg("--db", "floor.db"), arg("--csv", "h100k.csv"));
    for s in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{db}{s}"));
    }
    let c = open(&db, "FULL");
    let text = std::fs::read_to_string(&csv).unwrap();
    let mut it = text.lines();
    let names: Vec<&str> = it.next().unwrap().split(',').collect();
    let ints = [
        "id",
        "deal_id",
        "ae_id",
        "csm_id",
        "quality_score",
        "completeness",
        "contract_value",
        "contract_term",
        "discount_pct",
    ];
    let cols: Vec<String> = names
        .iter()
        .map(|n| {
            if *n == "id" {
                "id integer primary key".into()
            } else if ints.contains(n) {
                format!("{n} int")
            } else {
                format!("{n} text")
            }
        })
        .collect();
    c.execute_batch(&format!("create table handoff({}); create table deal(id integer primary key, stage text, csm_id int); create table gate(id integer primary key, deal_id int, ok int, missing text, at text); create index h_q on handoff(csm_id,status,due_at);", cols.join(","))).unwrap();
    let (t, c0) = (Instant::now(), cpu());
    let sql = format!("insert into handoff values({})", vec!["?"; names.len()].join(","));
    let mut st = c.prepare(&sql).unwrap();
    let mut n = 0u64;
    c.execute_batch("begin").unwrap();
    for line in it {
        // the generator never quotes a field that holds a comma, except the free text: split by hand
        let mut f: Vec<String> = Vec::with_capacity(41);
        let (mut cur, mut q) = (String::new(), false);
        for ch in line.chars() {
            match ch {
                '"' => q = !q,
                ',' if !q => f.push(std::mem::take(&mut cur)),
                '\r' => {}
                _ => cur.push(ch),
            }
        }
        f.push(cur);
        let vals: Vec<rusqlite::types::Value> = f
            .into_iter()
            .enumerate()
            .map(|(i, s)| {
                if s.is_empty() {
                    rusqlite::types::Value::Null
                } else if ints.contains(&names[i]) {
                    rusqlite::types::Value::Integer(s.parse().unwrap())
                } else {
                    rusqlite::types::Value::Text(s)
                }
            })
            .collect();
        st.execute(rusqlite::params_from_iter(vals)).unwrap();
        n += 1;
        if n % 5000 == 0 {
            c.execute_batch("commit; begin").unwrap();
        }
    }
    c.execute_batch("insert into deal select id,'neg',0 from handoff; commit").unwrap();
    let el = t.elapsed().as_secs_f64();
    println!(
        "{}",
        json!({"test":"sqlite_import","rows":n,"rows_s":(n as f64/el) as u64,"cpu_s":cpu()-c0,"secs":el})
    );
}
fn agg() {
    let c = open(&arg("--db", "floor.db"), "FULL");
    for _ in 0..4 {
        let (t, c0) = (Instant::now(), cpu());
        let mut st = c.prepare(METRICS).unwrap();
        let k = st.query_map([], |r| r.get::<_, i64>(1)).unwrap().count();
        println!(
            "{}",
            json!({"test":"sqlite_agg","groups":k,"cpu_ms":(cpu()-c0)*1e3,"ms":t.elapsed().as_secs_f64()*1e3})
        );
    }
}

const REQ: &[&str] = &[
    "deal_id",
    "account_name",
    "ae_id",
    "csm_id",
    "segment",
    "status",
    "due_at",
    "closed_at",
    "use_case",
    "success_criteria",
    "business_outcome",
    "champion_name",
    "champion_email",
    "decision_makers",
    "stakeholders",
    "promised_features",
    "technical_contact",
    "contract_value",
    "contract_term",
    "risk_level",
    "go_live_date",
    "timeline_drivers",
];
fn missing(v: &serde_json::Map<String, Value>) -> Vec<String> {
    let empty = |k: &str| {
        matches!(v.get(k), None | Some(Value::Null)) || v.get(k).and_then(|x| x.as_str()) == Some("")
    };
    let mut m: Vec<String> = REQ.iter().filter(|k| empty(k)).map(|k| k.to_string()).collect();
    let s = |k: &str| v.get(k).and_then(|x| x.as_str()).unwrap_or("");
    for (f, need) in [
        ("exec_sponsor", s("segment") == "ent"),
        ("commitments_date", !empty("custom_commitments")),
        ("integration_details", s("integrations_needed") == "true"),
        ("migration_details", s("data_migration") == "true"),
        ("security_contact", s("security_review") == "true"),
        ("discount_reason", v.get("discount_pct").and_then(|x| x.as_i64()).unwrap_or(0) > 20),
        ("risk_notes", s("risk_level") == "high"),
    ] {
        if need && empty(f) {
            m.push(f.into());
        }
    }
    m
}
enum Op {
    Gate(i64, i64, bool, String),
    Create(Vec<rusqlite::types::Value>),
}
struct App {
    tx: mpsc::Sender<(Op, oneshot::Sender<i64>)>,
    readers: Vec<Mutex<Connection>>,
    cols: Vec<String>,
}
impl App {
    fn read<T>(&self, f: impl Fn(&Connection) -> T) -> T {
        for m in &self.readers {
            if let Ok(c) = m.try_lock() {
                return f(&c);
            }
        }
        f(&self.readers[fastrand::usize(..self.readers.len())].lock().unwrap())
    }
    fn record(&self, c: &Connection, id: i64) -> Option<serde_json::Map<String, Value>> {
        let mut st = c.prepare_cached("select * from handoff where id=?1").unwrap();
        st.query_row([id], |r| Ok(self.row(r))).ok()
    }
    fn row(&self, r: &rusqlite::Row) -> serde_json::Map<String, Value> {
        use rusqlite::types::ValueRef::*;
        self.cols
            .iter()
            .enumerate()
            .map(|(i, k)| {
                (
                    k.clone(),
                    match r.get_ref(i).unwrap() {
                        Null => Value::Null,
                        Integer(x) => json!(x),
                        Real(x) => json!(x),
                        Text(t) => Value::String(String::from_utf8_lossy(t).into()),
                        Blob(_) => Value::Null,
                    },
                )
            })
            .collect()
    }
}
async fn gate(
    State(a): State<Arc<App>>,
    Path(id): Path<i64>,
    Json(b): Json<Value>,
) -> (StatusCode, Json<Value>) {
    let Some(rec) = a.read(|c| a.record(c, id)) else { return (StatusCode::NOT_FOUND, Json(json!({}))) };
    let m = missing(&rec);
    let ok = m.is_empty();
    let (tx, rx) = oneshot::channel();
    a.tx.send((Op::Gate(id, b["csm_id"].as_i64().unwrap_or(0), ok, m.join(",")), tx)).unwrap();
    let d = rx.await.unwrap();
    if ok {
        (StatusCode::OK, Json(json!({"decision":d,"allow":true})))
    } else {
        (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({"decision":d,"allow":false,"missing":m})))
    }
}
async fn create(State(a): State<Arc<App>>, Json(b): Json<Value>) -> (StatusCode, Json<Value>) {
    let vals = a
        .cols
        .iter()
        .skip(1)
        .map(|k| match &b[k] {
            Value::Number(n) => rusqlite::types::Value::Integer(n.as_i64().unwrap_or(0)),
            Value::String(s) => rusqlite::types::Value::Text(s.clone()),
            Value::Bool(x) => rusqlite::types::Value::Text(x.to_string()),
            _ => rusqlite::types::Value::Null,
        })
        .collect();
    let (tx, rx) = oneshot::channel();
    a.tx.send((Op::Create(vals), tx)).unwrap();
    (StatusCode::CREATED, Json(json!({"id": rx.await.unwrap()})))
}
async fn list(State(a): State<Arc<App>>, Query(q): Query<HashMap<String, String>>) -> Json<Value> {
    let csm: i64 = q.get("csm_id").and_then(|x| x.parse().ok()).unwrap_or(1);
    let off: i64 = q.get("offset").and_then(|x| x.parse().ok()).unwrap_or(0);
    Json(
        json!({"data": a.read(|c| { let mut st = c.prepare_cached("select * from handoff where csm_id=?1 and status='submitted' order by due_at limit 50 offset ?2").unwrap(); let v: Vec<Value> = st.query_map(params![csm, off], |r| Ok(Value::Object(a.row(r)))).unwrap().map(|x| x.unwrap()).collect(); v })}),
    )
}
async fn metrics(State(a): State<Arc<App>>) -> Json<Value> {
    Json(
        tokio::task::spawn_blocking(move || {
            a.read(|c| {
                let mut st = c.prepare_cached(METRICS).unwrap();
                let v: Vec<Value> = st
                    .query_map([], |r| {
                        Ok(json!([
                            r.get::<_, i64>(0)?,
                            r.get::<_, i64>(1)?,
                            r.get::<_, Option<i64>>(2)?,
                            r.get::<_, Option<f64>>(3)?
                        ]))
                    })
                    .unwrap()
                    .map(|x| x.unwrap())
                    .collect();
                json!(v)
            })
        })
        .await
        .unwrap(),
    )
}
fn serve() {
    let (db, port) = (arg("--db", "floor.db"), arg("--port", "8700"));
    let w = open(&db, &arg("--sync", "FULL"));
    w.execute_batch("create table if not exists handoff(id integer primary key); create table if not exists deal(id integer primary key, stage text, csm_id int); create table if not exists gate(id integer primary key, deal_id int, ok int, missing text, at text);").unwrap();
    let cols: Vec<String> =
        w.prepare("select * from handoff limit 0").unwrap().column_names().map(|s| s.to_string()).collect();
    let (tx, rx) = mpsc::channel::<(Op, oneshot::Sender<i64>)>();
    let ins_h = format!(
        "insert into handoff({}) values({})",
        cols[1..].join(","),
        vec!["?"; cols.len() - 1].join(",")
    );
    std::thread::spawn(move || {
        while let Ok(first) = rx.recv() {
            // group commit: whatever has queued up shares one fsync
            let mut b = vec![first];
            while b.len() < 256 {
                match rx.try_recv() {
                    Ok(x) => b.push(x),
                    Err(_) => break,
                }
            }
            w.execute_batch("begin immediate").unwrap();
            let mut ids = Vec::with_capacity(b.len());
            for (op, _) in &b {
                match op {
                    Op::Gate(id, csm, ok, m) => {
                        if *ok {
                            w.prepare_cached("update deal set stage='won',csm_id=?2 where id=?1")
                                .unwrap()
                                .execute(params![id, csm])
                                .unwrap();
                        }
                        w.prepare_cached("insert into gate(deal_id,ok,missing,at) values(?1,?2,?3,strftime('%Y-%m-%dT%H:%M:%fZ','now'))").unwrap().execute(params![id, ok, m]).unwrap();
                    }
                    Op::Create(v) => {
                        w.prepare_cached(&ins_h)
                            .unwrap()
                            .execute(rusqlite::params_from_iter(v.iter()))
                            .unwrap();
                    }
                }
                ids.push(w.last_insert_rowid());
            }
            w.execute_batch("commit").unwrap();
            for ((_, t), id) in b.into_iter().zip(ids) {
                let _ = t.send(id);
            }
        }
    });
    let readers = (0..4).map(|_| Mutex::new(open(&db, "FULL"))).collect();
    let app = Arc::new(App { tx, readers, cols });
    let r = Router::new()
        .route("/health", get(|| async { "ok" }))
        .route("/json", get(|| async { Json(json!({"hello":"world"})) }))
        .route("/deals/{id}", patch(gate))
        .route("/handoffs", post(create).get(list))
        .route("/metrics", get(metrics))
        .with_state(app);
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(
        async {
            axum::serve(tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await.unwrap(), r)
                .await
                .unwrap()
        },
    );
}
fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("commits") => commits(),
        Some("append") => append(),
        Some("import") => import(),
        Some("agg") => agg(),
        Some("serve") => serve(),
        _ => eprintln!("commits|append|import|agg|serve"),
    }
}
