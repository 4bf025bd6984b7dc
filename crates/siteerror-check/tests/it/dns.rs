//! The resolver of the system, asking a name server made by hand: RFC 1035 §4.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig};
use siteerror_check::resolve::{LookupError, Source};
use siteerror_check::{Limits, Reach, System};
use tokio::net::UdpSocket;

const A: u16 = 1;
const CNAME: u16 = 5;

/// The name of a question, and where its type stands.
fn question(query: &[u8]) -> (String, usize) {
    let mut labels = Vec::new();
    let mut at = 12;
    while query[at] > 0 {
        let length = usize::from(query[at]);
        labels.push(String::from_utf8_lossy(&query[at + 1..=at + length]).to_lowercase());
        at += 1 + length;
    }
    (labels.join("."), at + 1)
}

fn wire_name(name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for label in name.split('.') {
        bytes.push(u8::try_from(label.len()).expect("a short label"));
        bytes.extend_from_slice(label.as_bytes());
    }
    bytes.push(0);
    bytes
}

fn record(name: &str, kind: u16, data: &[u8]) -> Vec<u8> {
    let mut record = wire_name(name);
    record.extend(kind.to_be_bytes());
    record.extend([0, 1]);
    record.extend(60_u32.to_be_bytes());
    record.extend(
        u16::try_from(data.len())
            .expect("a short record")
            .to_be_bytes(),
    );
    record.extend_from_slice(data);
    record
}

fn answer(query: &[u8]) -> Option<Vec<u8>> {
    let (name, at) = question(query);
    let kind = u16::from_be_bytes([query[at], query[at + 1]]);
    let address = |name: &str| record(name, A, &[127, 0, 0, 1]);
    let (code, records) = match (name.as_str(), kind) {
        ("silent.test", _) => return None,
        ("fails.test", _) => (2, vec![]),
        ("good.test", A) => (0, vec![address("good.test")]),
        ("alias.test", A) => (
            0,
            vec![
                record("alias.test", CNAME, &wire_name("good.test")),
                address("good.test"),
            ],
        ),
        ("aliases.test", A) => {
            let mut records = vec![record("aliases.test", CNAME, &wire_name("n0.test"))];
            records.extend((0..9).map(|index| {
                record(
                    &format!("n{index}.test"),
                    CNAME,
                    &wire_name(&format!("n{}.test", index + 1)),
                )
            }));
            records.push(address("n9.test"));
            (0, records)
        }
        ("good.test" | "alias.test" | "aliases.test" | "empty.test", _) => (0, vec![]),
        _ => (3, vec![]),
    };
    let mut bytes = query[..2].to_vec();
    bytes.extend([0x81, 0x80 | code]);
    bytes.extend(1_u16.to_be_bytes());
    bytes.extend(u16::try_from(records.len()).expect("a few").to_be_bytes());
    bytes.extend([0; 4]);
    bytes.extend_from_slice(&query[12..at + 4]);
    bytes.extend(records.concat());
    Some(bytes)
}

async fn name_server() -> SocketAddr {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .expect("a port");
    let address = socket.local_addr().expect("an address");
    tokio::spawn(async move {
        let mut buffer = [0; 512];
        while let Ok((count, peer)) = socket.recv_from(&mut buffer).await {
            if let Some(answer) = answer(&buffer[..count]) {
                let _ = socket.send_to(&answer, peer).await;
            }
        }
    });
    address
}

async fn system() -> System {
    let server = name_server().await;
    let mut connection = ConnectionConfig::udp();
    connection.port = server.port();
    let server = NameServerConfig::new(server.ip(), true, vec![connection]);
    let config = ResolverConfig::from_parts(None, Vec::new(), vec![server]);
    System::with_config(config, Reach::Public, &Limits::default().names).expect("a resolver")
}

#[tokio::test]
async fn names_lead_to_addresses_through_aliases() {
    let system = system().await;
    for name in ["good.test", "alias.test"] {
        let answers = system.look_up(name).await.expect("addresses");
        assert_eq!(
            answers.addresses,
            [IpAddr::V4(Ipv4Addr::LOCALHOST)],
            "{name}"
        );
        assert!(answers.ttl <= Duration::from_mins(1));
    }
}

#[tokio::test]
async fn what_leads_nowhere_is_told_apart() {
    let system = system().await;
    assert_eq!(
        system.look_up("nobody.test").await,
        Err(LookupError::NotFound)
    );
    assert_eq!(
        system.look_up("empty.test").await,
        Err(LookupError::NoAddress)
    );
    assert!(matches!(
        system.look_up("fails.test").await,
        Err(LookupError::Failed(_))
    ));
    assert!(matches!(
        system.look_up("aliases.test").await,
        Err(LookupError::Failed(_))
    ));
    // It would be in the hosts file, which is not asked.
    assert!(system.look_up("localhost.localdomain").await.is_err());
}
